import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Page, TestInfo } from '@playwright/test';
import { book, largeBook } from '../fixtures/books';
import { required } from '../fixtures/server';
import { expect, test } from '../fixtures/test';

const run = promisify(execFile);

/** Books of the corpus, where there is one, and those that are made. */
async function books(): Promise<string[]> {
  const made = [book('lighthouse'), book('protected'), book('truncated'), largeBook()];
  const corpus = process.env['CORPUS_DIR'];
  if (!corpus) return made;
  const folders = ['epub', 'cbz', 'kindle', 'pdf'].map(async (kind) => {
    const names = await readdir(join(corpus, kind));
    return names.sort().map((name) => join(corpus, kind, name));
  });
  return made.concat(...(await Promise.all(folders)));
}

/** Starts the worker in a page of the product, under its own security policy, with a field to put files into. */
async function withWorker(page: Page): Promise<void> {
  await page.goto('/sign-in');
  await page.evaluate(() => {
    const field = document.createElement('input');
    field.type = 'file';
    field.id = 'files';
    field.multiple = true;
    document.body.append(field);
    const worker = new Worker('/worker/worker.js', { type: 'module' });
    let last = 0;
    Object.assign(window, {
      ask: (message: Record<string, unknown>) =>
        new Promise((resolve, reject) => {
          const id = ++last;
          let told = 0;
          const hear = ({ data }: MessageEvent) => {
            if (data.id !== id) return;
            if ('done' in data) told += 1;
            if (!('result' in data) && !('error' in data)) return;
            worker.removeEventListener('message', hear);
            resolve({ ...data, told });
          };
          worker.addEventListener('message', hear);
          worker.addEventListener('error', (event) => reject(new Error(event.message)), { once: true });
          worker.postMessage({ ...message, id });
        }),
    });
  });
}

interface Answer {
  result?: string;
  error?: string;
  told: number;
}

declare const ask: (message: Record<string, unknown>) => Promise<Answer>;

async function check(page: Page, book: string | { name: string; mimeType: string; buffer: Buffer }): Promise<Answer> {
  await page.setInputFiles('#files', book);
  return page.evaluate(() => {
    const file = document.querySelector<HTMLInputElement>('#files')?.files?.[0];
    return ask({ task: 'check', file, name: file?.name });
  });
}

/** The rules of a profile as the page of the review hands them to the browser. */
async function chosen(page: Page): Promise<string> {
  await page.goto('/new');
  const rules = await page.locator('form[data-drop]').getAttribute('data-names');
  expect(rules).toBeTruthy();
  return rules ?? '';
}

/** The name of a book whose report is there. */
async function name(page: Page, path: string, report: string, rules: string): Promise<Answer> {
  return page.evaluate(([book, name, chosen]) => ask({ task: 'name', book, name, chosen }), [report, basename(path), rules]);
}

async function verifyFiles(page: Page, folder: string): Promise<Answer> {
  const names = await readdir(folder);
  await page.setInputFiles('#files', names.map((name) => join(folder, name)));
  return page.evaluate(() => {
    const files = [...(document.querySelector<HTMLInputElement>('#files')?.files ?? [])];
    return ask({ task: 'verify-files', paths: files.map((file) => file.name), files });
  });
}

async function verifyArchive(page: Page, path: string): Promise<Answer> {
  await page.setInputFiles('#files', path);
  return page.evaluate(() => ask({ task: 'verify-archive', file: document.querySelector<HTMLInputElement>('#files')?.files?.[0] }));
}

/** A package made by the command line. */
async function packed(info: TestInfo, profile: string): Promise<string> {
  const out = await mkdtemp(info.outputPath('out-'));
  const options = ['--group', 'GRP', '--rights', 'CC-BY-4.0', '--profile', profile, '--out', out];
  await run(required('ESP_SERVER'), ['pack', book('lighthouse'), ...options]);
  const [release] = await readdir(out);
  if (!release) throw new Error('nothing was packed');
  return join(out, release);
}

/** How the command line ends for a book that it refuses. */
const REFUSED = 4;

/** What the command line says, whether the book is good or not. */
async function checkedByCommandLine(path: string): Promise<unknown> {
  const said = await run(required('ESP_SERVER'), ['check', '--json', path], { maxBuffer: 64 << 20 }).catch(
    (error: { stdout: string }) => error,
  );
  return { ...JSON.parse(said.stdout), path: basename(path) };
}

test('every book gives in the browser what it gives on the command line', async ({ page }) => {
  test.setTimeout(180_000);
  await withWorker(page);
  const all = await books();
  for (const path of all) {
    const answer = await check(page, path);
    expect(answer.error, path).toBeUndefined();
    expect(JSON.parse(answer.result ?? ''), path).toEqual(await checkedByCommandLine(path));
  }
  expect(all.length).toBeGreaterThan(3);
});

test('every book gets the name in the browser that it gets on the command line', async ({ signedIn: page }) => {
  test.setTimeout(180_000);
  const rules = await chosen(page);
  await withWorker(page);
  let [named, refused] = [0, 0];
  const all = await books();
  for (const path of all) {
    const report = (await check(page, path)).result ?? '';
    const said = await run(required('ESP_SERVER'), ['name', path]).catch((error: { code: number }) => error);
    if ('code' in said) {
      // What is under DRM gets no name there, and no row here. Nothing else may keep a book from its name.
      expect(said.code, path).toBe(REFUSED);
      refused += 1;
      continue;
    }
    const answer = await name(page, path, report, rules);
    expect(answer.error, path).toBeUndefined();
    expect(JSON.parse(answer.result ?? '').name, path).toBe(said.stdout.trim());
    named += 1;
  }
  expect(named).toBe(all.length - refused);
  expect(named).toBeGreaterThan(2);
});

test('what is no book is refused in a sentence, and the next book is read', async ({ page }) => {
  await withWorker(page);
  const answer = await check(page, { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear diary') });
  expect(answer.result).toBeUndefined();
  expect(answer.error).toMatch(/format/);
  expect((await check(page, book('lighthouse'))).error).toBeUndefined();
});

test('a package is verified where it was dropped, and what was changed in it is named', async ({ page }, info) => {
  await withWorker(page);
  const folder = await packed(info, 'scene-ebook');
  const good = await verifyFiles(page, folder);
  expect(JSON.parse(good.result ?? '')).toMatchObject({ good: true, release: basename(folder) });
  expect(good.told).toBeGreaterThan(0);

  const forged = await mkdtemp(info.outputPath('forged-'));
  await cp(folder, forged, { recursive: true });
  const nfo = (await readdir(forged)).find((name) => name.endsWith('.nfo')) ?? '';
  await writeFile(join(forged, nfo), 'forged');
  const bad = JSON.parse((await verifyFiles(page, forged)).result ?? '');
  expect(bad.good).toBe(false);
  expect(bad.files.filter((file: { outcome: string }) => file.outcome !== 'ok')).toMatchObject([{ path: nfo }]);
});

test('a bag in a ZIP is verified without being unpacked', async ({ page }, info) => {
  await withWorker(page);
  const folder = await packed(info, 'bagit');
  const archive = (await readdir(folder)).find((name) => name.endsWith('.zip')) ?? '';
  const answer = await verifyArchive(page, join(folder, archive));
  expect(JSON.parse(answer.result ?? '')).toMatchObject({ good: true });
});
