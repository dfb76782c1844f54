import { beforeAll, describe, expect, it } from "vitest";
import { picturesAtOnce } from "../../src/pictures/load-sharp.js";
import { createTaskRunner } from "../../src/pictures/process/picture-tasks.js";
import { callContext } from "../builders/call.js";
import { noise } from "../builders/photos.js";

/** How pictures, and what else is asked for, come past each other. */
describe("the order of work on pictures", () => {
  let photo: Buffer;
  beforeAll(async () => {
    photo = await noise(1200, 900).jpeg({ quality: 98 }).toBuffer();
  });

  it("tells the recipe before pictures that were asked for earlier are done", async () => {
    const run = createTaskRunner();
    await run({ task: "recipe" }, callContext());
    const done: string[] = [];
    const pictures = Array.from({ length: picturesAtOnce() + 2 }, () =>
      run({ task: "optimize", bytes: photo }, callContext()).then(() => done.push("picture")),
    );
    await run({ task: "recipe" }, callContext()).then(() => done.push("recipe"));
    await Promise.all(pictures);
    expect(done[0]).toBe("recipe");
  });
});
