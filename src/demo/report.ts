/** What a person sees of the demo, and the counts of its closing table. */
export interface Report {
  title(text: string): void;
  step(text: string): void;
  uploaded(what: string): void;
  local(what: string): void;
  reused(what: string): void;
  refused(error: string): void;
  verified(file: string, isSame: boolean, md5: string): void;
  check(what: string, isTrue: boolean): void;
  failed(reason: string): void;
  /** Prints the closing table. Returns the exit code. */
  close(): number;
}

interface Row {
  readonly name: string;
  readonly expected: number;
  count: number;
}

/** A report on stdout. */
export function createReport(print: (line: string) => void = console.log): Report {
  const rows = {
    uploaded: { name: "uploaded by URL", expected: 7, count: 0 },
    local: { name: "uploaded from a local file", expected: 1, count: 0 },
    reused: { name: "reused", expected: 7, count: 0 },
    refused: { name: "refused", expected: 1, count: 0 },
    verified: { name: "verified byte for byte", expected: 8, count: 0 },
  } satisfies Record<string, Row>;
  let isWhole = true;

  function count(row: Row, line: string): void {
    row.count += 1;
    print(`  ${line}`);
  }

  return {
    title: (text) => print(`\n${text}`),
    step: (text) => print(`  ${text}`),
    uploaded: (what) => count(rows.uploaded, `uploaded  ${what}`),
    local: (what) => count(rows.local, `uploaded  ${what}`),
    reused: (what) => count(rows.reused, `reused    ${what}`),
    refused: (error) => count(rows.refused, `refused   ${error}`),
    verified(file, isSame, md5) {
      if (isSame) count(rows.verified, `verified  ${file} (MD5 ${md5})`);
      else this.failed(`the CDN serves other bytes than ${file}`);
    },
    check(what, isTrue) {
      if (isTrue) print(`  ${what}`);
      else this.failed(`unexpected: ${what}`);
    },
    failed(reason) {
      isWhole = false;
      print(`  FAILED    ${reason}`);
    },
    close() {
      print("\nIn all");
      for (const { name, count: reached, expected } of Object.values(rows)) {
        const mark = reached === expected ? "ok" : `expected ${expected}`;
        print(`  ${String(reached).padStart(2)}  ${name.padEnd(28)} ${mark}`);
      }
      const isGood =
        isWhole && Object.values(rows).every(({ count: reached, expected }) => reached === expected);
      print(isGood ? "\nEverything is as it should be." : "\nSomething is off, see above.");
      return isGood ? 0 : 1;
    },
  };
}
