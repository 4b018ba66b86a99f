// QR codes (ISO/IEC 18004) in the browser: what stands in them is told to nobody.
// Bytes only, error correction level L: a screen is clean, and ticks make links long.

// By version, from 1: check bytes of a block, and number of blocks.
const CHECKS = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, ...Array(14).fill(30)];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25];
const MASKS = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => ((x / 3 | 0) + (y / 2 | 0)) % 2, (x, y) => x * y % 2 + x * y % 3,
  (x, y) => (x * y % 2 + x * y % 3) % 2, (x, y) => ((x + y) % 2 + x * y % 3) % 2,
];

// The field of 256 elements in which check bytes are reckoned.
const EXP = [], LOG = [];
for (let i = 0, value = 1; i < 255; i++) {
  EXP[i] = value;
  LOG[value] = i;
  value = value << 1 ^ (value >> 7) * 0x11d;
}
const times = (a, b) => a && b ? EXP[(LOG[a] + LOG[b]) % 255] : 0;

/** Return the rows of modules, 1 for a dark one; null if the text is too long. */
export function encode(text, wantedMask) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = BLOCKS.findIndex((_, i) => capacity(i + 1) >= bytes.length + (i < 9 ? 2 : 3)) + 1;
  if (!version) return null;
  const { rows, isFree } = frame(version);
  place(rows, isFree, codewords(bytes, version));
  let best = null;
  for (let mask = 0; mask < 8; mask++) {
    if (wantedMask !== undefined && mask !== wantedMask) continue;
    const masked = rows.map((row, y) => row.map((bit, x) => isFree[y][x] && !MASKS[mask](x, y) ? 1 - bit : bit));
    writeFormat(masked, mask);
    const badness = penalty(masked);
    if (!best || badness < best.badness) best = { badness, mask, rows: masked };
  }
  return { version, mask: best.mask, rows: best.rows };
}

/** Return where the inner alignment patterns stand, on both axes. */
function alignment(version) {
  if (version === 1) return [];
  const count = (version / 7 | 0) + 2;
  const step = ((version * 8 + count * 3 + 5) / (count * 4 - 4) | 0) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => version * 4 + 10 - (count - 2 - i) * step)];
}

function total(version) {
  const count = version > 1 ? (version / 7 | 0) + 2 : 0;
  const patterns = count ? (25 * count - 10) * count - 55 : 0;
  return (16 * version + 128) * version + 64 - patterns - (version > 6 ? 36 : 0) >> 3;
}

function capacity(version) {
  return total(version) - CHECKS[version - 1] * BLOCKS[version - 1];
}

/** Return the bytes as they are placed: in blocks, woven, then their check bytes. */
function codewords(bytes, version) {
  const bits = [0, 1, 0, 0];
  const push = (value, length) => { for (let i = length - 1; i >= 0; i--) bits.push(value >> i & 1); };
  push(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => push(byte, 8));
  push(0, 4);
  const data = [];
  for (let i = 0; i < bits.length; i += 8) data.push(bits.slice(i, i + 8).reduce((sum, bit) => sum * 2 + bit, 0));
  for (let pad = 0xec; data.length < capacity(version); pad ^= 0xfd) data.push(pad);

  const count = BLOCKS[version - 1], length = CHECKS[version - 1];
  const short = data.length / count | 0, shorts = count - data.length % count;
  let divisor = [1];
  for (let i = 0; i < length; i++) divisor = [...divisor, 0].map((value, j) => value ^ times(divisor[j - 1], EXP[i]));
  const blocks = [], checks = [];
  for (let i = 0, at = 0; i < count; i++) {
    const block = data.slice(at, at += short + (i >= shorts));
    const rest = [...block, ...Array(length).fill(0)];
    block.forEach((_, j) => { const lead = rest[j]; divisor.forEach((value, k) => { rest[j + k] ^= times(value, lead); }); });
    blocks.push(block);
    checks.push(rest.slice(block.length));
  }
  const weave = (parts) => parts[count - 1].flatMap((_, i) => parts.filter((part) => i < part.length).map((part) => part[i]));
  return [...weave(blocks), ...weave(checks)];
}

/** Draw what does not depend on the data; say which modules are free for it. */
function frame(version) {
  const size = version * 4 + 17;
  const grid = (value) => Array.from({ length: size }, () => Array(size).fill(value));
  const rows = grid(0), isFree = grid(true);
  const set = (x, y, bit) => { if (rows[y] && x >= 0 && x < size) { rows[y][x] = +bit; isFree[y][x] = false; } };
  const square = (x, y, radius, isDark) => {
    for (let dy = -radius; dy <= radius; dy++) for (let dx = -radius; dx <= radius; dx++) {
      set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (let i = 0; i < size; i++) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, (ring) => ring !== 2 && ring !== 4);
  const middles = alignment(version), last = middles.length - 1;
  middles.forEach((x, i) => middles.forEach((y, j) => {
    const isCorner = !i && !j || !i && j === last || i === last && !j;
    if (!isCorner) square(x, y, 2, (ring) => ring !== 1);
  }));
  if (version > 6) {
    let rest = version;
    for (let i = 0; i < 12; i++) rest = rest << 1 ^ (rest >> 11) * 0x1f25;
    for (let i = 0, bits = version << 12 | rest; i < 18; i++) {
      const far = size - 11 + i % 3, near = i / 3 | 0;
      set(far, near, bits >> i & 1);
      set(near, far, bits >> i & 1);
    }
  }
  formatPlaces(size).flat().forEach(([x, y]) => set(x, y, 0));
  set(8, size - 8, 1);
  return { rows, isFree };
}

/** Return the two places of each of the 15 bits that name level and mask. */
function formatPlaces(size) {
  return Array.from({ length: 15 }, (_, i) => [
    i < 6 ? [8, i] : i < 8 ? [8, i + 1] : i === 8 ? [7, 8] : [14 - i, 8],
    i < 8 ? [size - 1 - i, 8] : [8, size - 15 + i],
  ]);
}

function writeFormat(rows, mask) {
  const data = 1 << 3 | mask;
  let rest = data;
  for (let i = 0; i < 10; i++) rest = rest << 1 ^ (rest >> 9) * 0x537;
  const bits = (data << 10 | rest) ^ 0x5412;
  formatPlaces(rows.length).forEach((places, i) => places.forEach(([x, y]) => { rows[y][x] = bits >> i & 1; }));
}

/** Fill the free modules in their zigzag, two columns at a time, from the right. */
function place(rows, isFree, words) {
  const size = rows.length;
  let at = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let i = 0; i < size; i++) for (const x of [right, right - 1]) {
      const y = (right + 1 & 2) === 0 ? size - 1 - i : i;
      if (isFree[y][x] && at < words.length * 8) {
        rows[y][x] = words[at >> 3] >> 7 - (at & 7) & 1;
        at++;
      }
    }
  }
}

/** Say how hard a code is to read: runs, blocks, false finders, too dark or light. */
function penalty(rows) {
  const size = rows.length;
  const lines = [...rows, ...rows.map((_, x) => rows.map((row) => row[x]))].map((line) => line.join(""));
  let sum = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
    for (const pattern of ["10111010000", "00001011101"]) {
      for (let at = line.indexOf(pattern); at >= 0; at = line.indexOf(pattern, at + 1)) sum += 40;
    }
  }
  for (let y = 1; y < size; y++) for (let x = 1; x < size; x++) {
    const found = rows[y][x] + rows[y][x - 1] + rows[y - 1][x] + rows[y - 1][x - 1];
    if (found % 4 === 0) sum += 3;
  }
  const dark = rows.flat().reduce((a, b) => a + b);
  return sum + Math.floor(Math.abs(dark * 20 / (size * size) - 10)) * 10;
}
