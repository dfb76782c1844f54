import { base64Spellings } from "../core/encodings.js";
import { decodeText } from "./formats/text.js";

interface SecretRule {
  readonly title: string;
  readonly pattern: RegExp;
}

/**
 * How well-known services and programs write their secrets, with a prefix or a shape that nothing else has; after the
 * presets of secretlint and the rules of gitleaks. Every expression takes time linear in the text.
 */
const RULES: readonly SecretRule[] = [
  { title: "a private key", pattern: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/ },
  { title: "a PuTTY private key", pattern: /PuTTY-User-Key-File-\d:/ },
  { title: "an age private key", pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}/ },
  { title: "an AWS access key", pattern: /\b(?:AKIA|ASIA)(?![0-9A-Z]{9}EXAMPLE)[0-9A-Z]{16}\b/ },
  {
    title: "an AWS secret key",
    pattern: /aws.{0,20}secret.{0,20}["':= ]{1,5}(?![\w/+]{0,40}EXAMPLE)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i,
  },
  { title: "an Azure storage key", pattern: /AccountKey=[A-Za-z0-9+/]{86}==/ },
  { title: "a Google API key", pattern: /\bAIza[\w-]{35}(?![\w-])/ },
  { title: "a GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60})/ },
  { title: "a GitLab token", pattern: /\bglpat-[\w-]{20}/ },
  { title: "a Slack token", pattern: /\bxox[abeoprs]-\d[\w-]{10}/ },
  { title: "a Slack webhook", pattern: /hooks\.slack\.com\/services\/T\w{6,14}\/B\w{6,14}\/\w{16}/ },
  { title: "an npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { title: "a Stripe key", pattern: /\b(?:[sr]k_live_|whsec_)[A-Za-z0-9]{20}/ },
  { title: "an OpenAI key", pattern: /\bsk-(?:proj-[\w-]{40}|[\w-]{20}T3BlbkFJ)/ },
  { title: "an Anthropic key", pattern: /\bsk-ant-[\w-]{20}/ },
  { title: "a SendGrid key", pattern: /\bSG\.[\w-]{22}\.[\w-]{43}/ },
  { title: "a signed token (JWT)", pattern: /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20}/ },
  {
    title: "a connection string with its password",
    pattern:
      /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?):\/\/[^\s:/@]{1,100}:[^\s:/@]{3,200}@/,
  },
];

/** The name of the column in a password manager's export. */
const SECRET_COLUMN =
  /^(?:password|passwd|pwd|passwort|kennwort|passphrase|mot de passe|contraseña|senha|wachtwoord|lösenord|пароль|密码|パスワード|login_password|otpauth|login_totp|totp|client[ _-]?secret|api[ _-]?key|private[ _-]?key|recovery[ _-]?codes?|seed phrase)$/i;

/** The title of the first secret in a text file, with its article; undefined for none, and for binary data. */
export async function findSecret(bytes: Buffer): Promise<string | undefined> {
  const text = decodeText(bytes);
  if (text === undefined) return undefined;
  const found = RULES.find(({ pattern }) => pattern.test(text));
  return found?.title ?? passwordColumn(text);
}

/**
 * How a text may hold a token: as it is, in UTF-16, in hexadecimal, and in base64 wherever in it the token begins.
 */
export function spellingsOf(token: string): Buffer[] {
  const bytes = Buffer.from(token);
  const texts = [
    token,
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    ...base64Spellings(token),
  ];
  // Without its last zero, it is found in either order of bytes.
  const inUtf16 = Buffer.from(token, "utf16le").subarray(0, -1);
  return [...[...new Set(texts)].map((text) => Buffer.from(text)), inUtf16];
}

function passwordColumn(text: string): string | undefined {
  const [head = "", ...rows] = text.slice(0, 65_536).split(/\r\n|[\r\n]/);
  const separator = [",", ";", "\t"].find((candidate) => head.includes(candidate));
  if (separator === undefined) return undefined;
  const column = cellsOf(head, separator).findIndex((cell) => SECRET_COLUMN.test(cell));
  const isFilled = column >= 0 && rows.some((row) => cellsOf(row, separator)[column]);
  return isFilled ? `a column "${cellsOf(head, separator)[column]}"` : undefined;
}

/** Quotes around a cell are ignored; a separator within them shifts what follows, which is accurate enough here. */
function cellsOf(row: string, separator: string): string[] {
  return row.split(separator).map((cell) => cell.trim().replace(/^"|"$/g, ""));
}

/** Names of files that reveal their content: `password-list.csv`, `recovery codes.txt`, `env.txt`. */
export function namesSecret(fileName: string): boolean {
  return /passwor[dt]|kennwort|credential|recovery|secrets?\b|^env\./i.test(fileName);
}
