import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The rooms and files whose tests start processes, draw pictures or wait. */
const LONG =
  /test[\\/](?:(?:faults|gallery|package|pictures|stdio)[\\/]|(?:sync[\\/]sync-folder|uploads[\\/]batch[\\/]upload-assets|uses[\\/]switches)\.)/;

/** Runs these files first, so that in the end no worker is left alone with one of them. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
