// The NFO of a release as a picture and as plain text: made here, from what the page shows. Nothing is sent.

/** Pixels of a cell's height at the size that the picture is drawn in: sharp on every screen, and four times the page's. */
const HEIGHT = 32;
/** The face's own proportion: block art must meet without a seam, so a cell is a whole number of pixels. */
const WIDTH = 17;
/** The most cells of a picture: what every browser still draws. */
const MOST_CELLS = 400_000;

/** What is drawn as a part of its cell: left, top, width, height. */
const BLOCKS = {
  '█': [0, 0, 1, 1],
  '▀': [0, 0, 1, 0.5],
  '▄': [0, 0.5, 1, 0.5],
  '▌': [0, 0, 0.5, 1],
  '▐': [0.5, 0, 0.5, 1],
  '■': [0.1, 0.35, 0.8, 0.4],
};
/** How much of its cell a shade covers. */
const SHADES = { '░': 0.25, '▒': 0.5, '▓': 0.75 };

/** True for what takes two cells, as the packer counts them: the scripts of East Asia. */
const isWide = (sign) => /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(sign);

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button[data-nfo]') : null;
  const text = document.querySelector('#nfo-text');
  if (!button || !text) return;
  const name = button.dataset.name || 'nfo';
  const problem = document.querySelector('[data-nfo-problem]');
  if (problem) problem.hidden = true;
  const made = button.dataset.nfo === 'png' ? picture(text) : plain(text);
  made.then((file) => save(file, `${name}.${button.dataset.nfo}`)).catch(() => say(problem));
});

async function plain(element) {
  return new Blob([element.textContent], { type: 'text/plain;charset=utf-8' });
}

async function picture(element) {
  const lines = element.textContent.replace(/\n+$/, '').split('\n').map((line) => Array.from(line));
  const cells = (line) => line.reduce((sum, sign) => sum + (isWide(sign) ? 2 : 1), 0);
  const columns = Math.max(80, ...lines.map(cells));
  if (columns * lines.length > MOST_CELLS) throw new RangeError('too large');
  const style = getComputedStyle(element);
  const face = `${(HEIGHT / 1.15).toFixed(2)}px ${style.fontFamily}`;
  await document.fonts.load(face, 'A│');
  const canvas = document.createElement('canvas');
  canvas.width = (columns + 2) * WIDTH;
  canvas.height = (lines.length + 2) * HEIGHT;
  const pen = canvas.getContext('2d');
  pen.fillStyle = getComputedStyle(element.parentElement).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = style.color;
  pen.font = face;
  pen.textBaseline = 'alphabetic';
  const measured = pen.measureText('M');
  const stretch = WIDTH / measured.width;
  const baseline = (HEIGHT * measured.fontBoundingBoxAscent) / (measured.fontBoundingBoxAscent + measured.fontBoundingBoxDescent);
  lines.forEach((line, row) => {
    let column = 1;
    for (const sign of line) {
      draw(pen, sign, column * WIDTH, (row + 1) * HEIGHT, stretch, baseline);
      column += isWide(sign) ? 2 : 1;
    }
  });
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture'))), 'image/png'));
}

function draw(pen, sign, left, top, stretch, baseline) {
  const block = BLOCKS[sign];
  if (block) {
    const [x, y, width, height] = block;
    pen.fillRect(Math.round(left + x * WIDTH), Math.round(top + y * HEIGHT), Math.ceil(width * WIDTH), Math.ceil(height * HEIGHT));
  } else if (SHADES[sign]) {
    pen.globalAlpha = SHADES[sign];
    pen.fillRect(left, top, WIDTH, HEIGHT);
    pen.globalAlpha = 1;
  } else if (sign !== ' ') {
    pen.setTransform(stretch, 0, 0, 1, left, top);
    pen.fillText(sign, 0, baseline);
    pen.resetTransform();
  }
}

function save(file, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Shows what went wrong below the buttons, and has it read out: what was hidden is not read when it is shown. */
function say(problem) {
  if (!problem) return;
  problem.hidden = false;
  const announcer = document.querySelector('#announcer');
  if (announcer) announcer.textContent = problem.textContent.trim();
}
