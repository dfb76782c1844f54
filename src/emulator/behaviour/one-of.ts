/** The settings of a switch, of which the first one is the default. */
export function oneOf<const Settings extends readonly [unknown, ...unknown[]]>(
  ...settings: Settings
): Settings[number] {
  return settings[0];
}
