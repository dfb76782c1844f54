import ipaddr from "ipaddr.js";

/** The only part of IPv6 that is allocated: IANA, "Internet Protocol Version 6 Address Space". */
const GLOBAL_IPV6 = ipaddr.IPv6.parse("2000::");

/** Azure's WireServer: formally a public address, but in fact a metadata service. */
const INTERNAL_BY_CONVENTION = ["168.63.129.16"];

/** Names that only a local resolver answers. RFC 6761, RFC 6762, RFC 8375, and ICANN's `.internal`. */
const LOCAL_ONLY_NAME = /(?:^|\.)(?:localhost|localdomain|local|internal|home\.arpa|lan|intranet|corp|home)$/;

/**
 * Whether an address, in any spelling of IPv4 or IPv6, is on the public internet. IPv4 addresses wrapped in IPv6
 * (mapped, NAT64) are judged by the IPv4 address. Anything that cannot be parsed is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = unwrapped(ipaddr.parse(address));
  if (parsed.range() !== "unicast" || INTERNAL_BY_CONVENTION.includes(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_IPV6, 3);
}

/** Whether `hostname`, as `URL` returns it, can only mean a machine nearby: `localhost`, `nas.local`, `printer`. */
export function isLocalOnlyName(hostname: string): boolean {
  const name = hostname.replace(/\.+$/, "");
  return !name.includes(".") || LOCAL_ONLY_NAME.test(name);
}

/** The address, if `hostname`, as `URL` returns it, is one (IPv6 in brackets) and not a name. */
export function addressLiteral(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, "").replace(/\.+$/, "");
  return ipaddr.isValid(bare) ? bare : undefined;
}

function unwrapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const [first, second, third, fourth, fifth, sixth] = address.parts;
  const isNat64 =
    first === 0x64 && second === 0xff9b && third === 0 && fourth === 0 && fifth === 0 && sixth === 0;
  return isNat64 ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}
