import { createSocket } from "node:dgram";

/** A DNS server on loopback that gives the n-th question for AAAA the n-th of its answers, then the last one again. */
export interface DnsServer {
  /** `127.0.0.1:PORT`, as `dns.Resolver.setServers` takes it. */
  readonly address: string;
  questions(): number;
  close(): Promise<void>;
}

/** `answers` are IPv6 addresses of 16 bytes in hex. The answers live for 0 seconds. */
export async function startDnsServer(answers: readonly string[]): Promise<DnsServer> {
  let questions = 0;
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const address = answers[Math.min(questions, answers.length - 1)] ?? "";
    questions += 1;
    socket.send(answerTo(query, Buffer.from(address, "hex")), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions: () => questions,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** RFC 1035, section 4.1: the question again, then one record that points to its name. */
function answerTo(query: Buffer, address: Buffer): Buffer {
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const header = Buffer.from([0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  query.copy(header, 0, 0, 2);
  const record = Buffer.from([0xc0, 0x0c, 0, 28, 0, 1, 0, 0, 0, 0, 0, 16]);
  return Buffer.concat([header, question, record, address]);
}
