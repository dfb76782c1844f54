/** A drawn landscape as SVG, another one for every seed. */
export function picture(seed: string): string {
  const hue = (hash(seed) * 137) % 360;
  const sun = 20 + (hash(`${seed}sun`) % 60);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="800" height="600">` +
    `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="hsl(${hue} 55% 62%)"/>` +
    `<stop offset="1" stop-color="hsl(${(hue + 50) % 360} 70% 84%)"/></linearGradient></defs>` +
    `<rect width="400" height="300" fill="url(#sky)"/><circle cx="${sun * 4}" cy="95" r="34" fill="#fff" opacity=".75"/>` +
    `<path d="M0 220 Q110 ${130 + (hue % 60)} 210 205 T400 170 V300 H0Z" fill="hsl(${(hue + 30) % 360} 38% 42%)"/>` +
    `<path d="M0 262 Q140 ${190 + (sun % 40)} 260 250 T400 235 V300 H0Z" fill="hsl(${(hue + 20) % 360} 42% 27%)"/></svg>`
  );
}

function hash(text: string): number {
  let value = 7;
  for (const character of text) value = (value * 31 + character.charCodeAt(0)) % 1_000_003;
  return value;
}
