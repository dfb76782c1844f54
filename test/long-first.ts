import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The rooms whose tests start processes, draw pictures or wait. */
const LONG = /test[\\/](faults|gallery|pictures|stdio)[\\/]/;

/** Runs the files of the long rooms first, so that in the end no worker is left alone with one of them. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
