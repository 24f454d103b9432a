import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book, largeBook } from '../fixtures/books';
import { dragOnto } from '../fixtures/drag';
import { ADMINISTRATOR, expect, test } from '../fixtures/test';
import { ReviewPage } from '../pages/review-page';
import { SignInPage } from '../pages/sign-in-page';

/** Drops files on the page as a person does from a folder. */
async function drop(page: Page, ...files: { name: string; path: string }[]): Promise<void> {
  const contents = await Promise.all(files.map(async ({ name, path }) => ({ name, base64: (await readFile(path)).toString('base64') })));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: 'application/epub+zip' }));
    }
    return data;
  }, contents);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await expect(page.locator('form[data-drop]')).toHaveAttribute('data-over', '');
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(page.locator('form[data-drop]')).not.toHaveAttribute('data-over', '');
}

test('books that are dropped anywhere on the page become releases', async ({ signedIn: page, group }) => {
  const review = new ReviewPage(page);
  await review.open();
  const [one, two] = [`${group}-one.epub`, `${group}-two.epub`] as const;
  await drop(page, { name: one, path: book('lighthouse') }, { name: two, path: book('truncated') });
  await expect(review.title).toBeVisible({ timeout: 30_000 });
  for (const name of [one, two]) await expect(review.rows.filter({ hasText: name })).toHaveCount(1, { timeout: 30_000 });
});

test('a protected book is said to be one before it has been sent', async ({ signedIn: page }) => {
  const review = new ReviewPage(page);
  await review.open();
  let send = () => {};
  const held = new Promise<void>((resolve) => (send = resolve));
  await page.route('**/api/v1/uploads', async (route) => {
    await held;
    await route.continue();
  });
  await review.choose(book('protected'));
  const row = page.locator('#uploads [data-upload]');
  await expect(row).toHaveAttribute('data-look', 'wrong');
  await expect(row.locator('[data-findings]')).toContainText('protected by');
  send();
  await expect(row).toHaveCount(0, { timeout: 30_000 });
});

test('a cut network is waited out, and the upload goes on by itself', async ({ signedIn: page, context, complaints }) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|Failed to load/);
  const review = new ReviewPage(page);
  await review.open();
  // Slow enough for a cut to meet it: a tenth of a second a part.
  await page.route('**/api/v1/uploads/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await route.continue();
  });
  await review.choose(largeBook());
  const row = page.locator('#uploads [data-upload]');
  await expect(row.locator('progress')).not.toHaveAttribute('value', '0');
  await context.setOffline(true);
  await expect(row).toHaveAttribute('data-phase', 'interrupted');
  await expect(row).toContainText('It goes on by itself.');
  await expect(page.locator('#announcer')).toContainText('large.epub — Connection lost');
  await expectAccessible(page);
  await context.setOffline(false);
  await expect(review.title).toHaveText('The Long Book', { timeout: 90_000 });
  await expect(row).toHaveCount(0);
});

test('an upload that was cut by leaving is offered again, and can be given up', async ({ signedIn: page, api }) => {
  const bytes = await readFile(largeBook());
  const upload = await api.beginUpload('large.epub', bytes.length);
  await api.sendPart(upload, 0, bytes.subarray(0, 4 << 20));
  const review = new ReviewPage(page);
  await review.open();
  const row = page.locator(`[data-open-upload="${new URL(upload, page.url()).pathname}"]`);
  await expect(row).toContainText('Drop the same file again to go on.');
  await expectAccessible(page);
  await row.getByRole('button', { name: 'Discard large.epub' }).click();
  const ask = page.getByRole('dialog', { name: 'Discard the upload of large.epub?' });
  await expectAccessible(page);
  await ask.getByRole('button', { name: 'Keep it' }).click();
  await expect(row).toBeVisible();
  await row.getByRole('button', { name: 'Discard large.epub' }).click();
  await ask.getByRole('button', { name: 'Discard' }).click();
  await expect(row).toHaveCount(0);
  await expect(api.uploadOffset(upload)).rejects.toThrow(/404|410/);
});

test('the same file, dropped in another browser after a cut, goes on where the server has it', async ({ signedIn: page, api, server, stranger }) => {
  const review = new ReviewPage(page);
  await review.open();
  await page.route('**/api/v1/uploads/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await route.continue().catch(() => undefined);
  });
  const begun = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/uploads') && answer.request().method() === 'POST');
  await review.choose(largeBook());
  const upload = (await begun).headers()['location'] ?? '';
  await expect.poll(() => api.uploadOffset(upload), { timeout: 30_000 }).toBeGreaterThan(0);
  await page.close();

  const there = await stranger();
  const door = new SignInPage(there);
  await door.open();
  await door.signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
  await expect(door.heading).toBeHidden();
  await new ReviewPage(there).open();
  await expect(there.locator(`[data-open-upload="${upload}"]`)).toContainText('Drop the same file again to go on.');
  const kept = await api.uploadOffset(upload);
  const asked: string[] = [];
  there.on('request', (request) => {
    if (request.url().includes('/api/v1/uploads')) asked.push(request.method());
  });
  // A part is on its way for as long as it is looked at, and until it is stopped.
  let letGo = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (letGo = resolve));
  await there.route('**/api/v1/uploads/**', async (route) => {
    if (route.request().method() === 'PATCH') await stopped;
    await route.continue();
  });
  const part = there.waitForRequest((request) => request.method() === 'PATCH');
  await dragOnto(there, largeBook());
  const first = await part;
  expect(new URL(first.url()).pathname).toBe(upload);
  expect(Number(first.headers()['upload-offset'])).toBe(kept);
  expect(asked).not.toContain('POST');
  await there.locator('#uploads [data-upload]').getByRole('button', { name: 'Stop' }).click();
  letGo();
  await expect(there.locator('#uploads [data-upload]')).toHaveCount(0);
  await expect.poll(() => server.leftBehind()).toEqual([]);
});

test('a file that is chosen again is said to be in the list, and comes once', async ({ signedIn: page, api, group }) => {
  const review = new ReviewPage(page);
  await review.open();
  const buffer = await readFile(book('lighthouse'));
  // A file is known by its name, its size and its time: the same one is handed in twice.
  const name = `${group}.epub`;
  const choose = () =>
    page.evaluate(
      ([name, base64]) => {
        const bytes = Uint8Array.from(atob(base64 ?? ''), (sign) => sign.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name ?? '', { type: 'application/epub+zip', lastModified: 1_700_000_000_000 }));
        const input = document.querySelector<HTMLInputElement>('#files');
        if (!input) throw new Error('no input for files');
        input.files = transfer.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      },
      [name, buffer.toString('base64')],
    );
  const said = page.locator('#uploads-known');
  const letGo = await hold(page);
  await choose();
  const row = page.locator('#uploads [data-upload]').filter({ hasText: name });
  await expect(row).toHaveCount(1);
  await expect(said).toBeHidden();
  // While it is on its way …
  await choose();
  await expect(said).toHaveText(`In the list already, so not added again: ${name}`);
  await expect(row).toHaveCount(1);
  await expectAccessible(page);
  letGo();
  await expect(review.rows.filter({ hasText: name })).toHaveCount(1, { timeout: 30_000 });
  // … and once it is a release.
  await page.reload();
  await expect(said).toBeHidden();
  await expect(page.locator('leptos-island[data-component^="Review"] [data-alive]')).toBeAttached();
  await choose();
  await expect(said).toHaveText(`In the list already, so not added again: ${name}`);
  await expect(row).toHaveCount(0);
  expect(await api.withFile(name)).toHaveLength(1);
});

test('an upload that is stopped leaves nothing', async ({ signedIn: page, server }) => {
  const review = new ReviewPage(page);
  await review.open();
  await page.route('**/api/v1/uploads/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await route.continue();
  });
  await review.choose(largeBook());
  const row = page.locator('#uploads [data-upload]');
  await row.getByRole('button', { name: 'Stop' }).click();
  await expect(row).toHaveCount(0);
  await expect.poll(() => server.leftBehind()).toEqual([]);
});

/** Holds every new upload of a page back until it is let go. */
async function hold(page: Page): Promise<() => void> {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/api/v1/uploads', async (route) => {
    await held;
    // The page may be gone by then.
    await route.continue().catch(() => undefined);
  });
  return letGo;
}

/** How many files the browser keeps whole; what is made or removed while it is looked at is not one of them. */
async function kept(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let whole = 0;
    try {
      const folders = await (await navigator.storage.getDirectory()).getDirectoryHandle('uploads');
      for await (const folder of (folders as unknown as { values(): AsyncIterable<FileSystemDirectoryHandle> }).values()) {
        for await (const file of (folder as unknown as { values(): AsyncIterable<FileSystemFileHandle> }).values()) {
          // Chromium writes a file into another one beside it.
          if (!file.name.endsWith('.crswap') && (await file.getFile()).size > 0) whole += 1;
        }
      }
    } catch (fault) {
      if (!(fault instanceof DOMException && fault.name === 'NotFoundError')) throw fault;
    }
    return whole;
  });
}

/** Begins to keep a file as another tab does, and leaves it unfinished until the function that is given is called. */
async function beginToKeep(page: Page, name: string, bytes: Buffer): Promise<() => Promise<void>> {
  const person = (await page.locator('form[data-drop]').getAttribute('data-drop')) ?? '';
  const stream = await page.evaluateHandle(
    async ([person, kept, base64]) => {
      const all = await (await navigator.storage.getDirectory()).getDirectoryHandle('uploads', { create: true });
      const own = await all.getDirectoryHandle(person, { create: true });
      const stream = await (await own.getFileHandle(encodeURIComponent(kept), { create: true })).createWritable();
      await stream.write(Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)));
      return stream;
    },
    [person, `${bytes.length}-1700000000000-${name}`, bytes.toString('base64')] as const,
  );
  return () => stream.evaluate((stream) => stream.close());
}

test('a file that another tab is still keeping is not taken for one of its own', async ({ signedIn: page, context, api, group }) => {
  const bytes = await readFile(book('lighthouse'));
  const [unfinished, whole] = [`${group} a.epub`, `${group} b.epub`] as const;
  const review = new ReviewPage(page);
  await review.open();
  const finish = await beginToKeep(page, unfinished, bytes);
  await (await beginToKeep(page, whole, bytes))();
  const other = await context.newPage();
  const sends = await hold(other);
  await other.goto('/new');
  const rows = other.locator('#uploads [data-upload]');
  await expect(rows).toContainText([whole]);
  await expect(rows).toHaveCount(1);
  sends();
  await expect(rows).toHaveCount(0);
  // What the other tab was keeping is there once it is whole, and goes on when a page is opened.
  await finish();
  await expect.poll(() => kept(page)).toBe(1);
  await other.reload();
  await expect(new ReviewPage(other).rows.filter({ hasText: unfinished })).toHaveCount(1, { timeout: 30_000 });
  for (const name of [unfinished, whole]) expect(await api.withFile(name)).toHaveLength(1);
  await expect.poll(() => kept(page)).toBe(0);
});

test('what is chosen before the script has come is taken when it comes, and what was kept goes on', async ({ signedIn: page, api, group }) => {
  const buffer = await readFile(book('lighthouse'));
  const [first, early] = [`${group} kept.epub`, `${group} early.epub`] as const;
  const choose = (name: string) => page.locator('#files').setInputFiles({ name, mimeType: 'application/epub+zip', buffer });
  const review = new ReviewPage(page);
  await review.open();
  const sends = await hold(page);
  await choose(first);
  await expect.poll(() => kept(page)).toBe(1);

  let wake = (): void => undefined;
  const chosen = new Promise<void>((resolve) => (wake = resolve));
  await page.route('**/*.wasm', async (route) => {
    await chosen;
    await route.continue();
  });
  await page.goto('/new');
  await choose(early);
  wake();
  const rows = page.locator('#uploads [data-upload]');
  await expect(rows).toHaveCount(2);
  await expect(page.locator('#files')).toHaveValue('');
  await expect.poll(() => kept(page)).toBe(2);
  // This tab is the one that sends, and knows it: half a second after it had asked for its turn it would say otherwise.
  const begun = await page.evaluate(() => performance.now());
  await page.waitForFunction((from) => performance.now() > from + 600, begun);
  await expect(page.locator('#uploads-elsewhere')).toBeEmpty();
  sends();
  await expect(rows).toHaveCount(0);
  await page.reload();
  await alive(page.locator('leptos-island[data-component^="Review"]'));
  await expect.poll(() => kept(page)).toBe(0);
  await expect(rows).toHaveCount(0);
  for (const name of [first, early]) expect(await api.withFile(name)).toHaveLength(1);
});

test('while one tab sends another says so, and nothing is sent twice', async ({ signedIn: page, context, api, group }) => {
  const review = new ReviewPage(page);
  await review.open();
  const letGo = await hold(page);
  const name = `${group} sent once.epub`;
  await page.locator('#files').setInputFiles({ name, mimeType: 'application/epub+zip', buffer: await readFile(book('lighthouse')) });
  await expect.poll(() => kept(page)).toBe(1);

  const other = await context.newPage();
  const second = new ReviewPage(other);
  await second.open();
  await expect(other.locator('#uploads-elsewhere')).toContainText('Another tab of this browser is sending books.');
  await expectAccessible(other);
  await expect(other.locator('#uploads [data-upload]')).toHaveCount(0);
  letGo();
  await expect.poll(async () => (await api.withFile(name)).length).toBe(1);
  await expect(other.locator('#uploads-elsewhere')).toBeEmpty();
  await second.open();
  await expect(other.locator('#uploads [data-upload]')).toHaveCount(0);
  expect(await api.withFile(name)).toHaveLength(1);
  await other.close();
});

test('a file that was stopped while it waited does not come back, and a long name is taken', async ({ signedIn: page, api, group }) => {
  const review = new ReviewPage(page);
  await review.open();
  const letGo = await hold(page);
  const buffer = await readFile(book('lighthouse'));
  const long = `${group} ${'long '.repeat(40)}one.epub`;
  const names = [long, `${group} two.epub`, `${group} stopped.epub`];
  await page.locator('#files').setInputFiles(names.map((name) => ({ name, mimeType: 'application/epub+zip', buffer })));
  await expect.poll(() => kept(page)).toBe(3);
  const row = page.locator('#uploads [data-upload]').filter({ hasText: 'stopped.epub' });
  await expect(row).toHaveAttribute('data-phase', 'waiting');
  await row.getByRole('button', { name: 'Stop' }).click();
  await expect(row).toHaveCount(0);
  await expect.poll(() => kept(page)).toBe(2);
  letGo();
  await expect(page.locator('#uploads [data-upload]')).toHaveCount(0, { timeout: 30_000 });
  await expect.poll(() => kept(page)).toBe(0);
  for (const [index, times] of [1, 1, 0].entries()) expect(await api.withFile(names[index] ?? '')).toHaveLength(times);
});

test('many books get the same values at once, and what is ready is packed', async ({ signedIn: page, api, group }) => {
  await api.createGroup(group);
  const titles = ['one', 'two', 'three'].map((word) => `${group} ${word}`);
  const ids: string[] = [];
  for (const title of titles) {
    const id = await api.upload(book('lighthouse'));
    expect((await api.settled(id)).status).toBe('draft');
    await api.retitle(id, title);
    ids.push(id);
  }
  const broken = await api.upload(book('empty'));
  await api.settled(broken);
  const review = new ReviewPage(page);
  await review.open();
  for (const title of titles) await page.getByRole('checkbox', { name: `Choose ${title}`, exact: true }).check();
  const form = page.locator('#batch');
  await form.getByLabel('Group', { exact: true }).selectOption({ label: group });
  await form.getByLabel('Rights', { exact: true }).selectOption({ label: 'Open licence' });
  await form.getByLabel('Licence (SPDX id)').fill('CC-BY-4.0');
  await form.getByRole('button', { name: 'Apply' }).click();
  for (const id of ids) await expect.poll(async () => (await api.lookup(id)).group?.tag).toBe(group);
  await expectAccessible(page);

  // One that cannot be packed is named, and holds up no other.
  const left = await api.upload(book('lighthouse'));
  expect((await api.settled(left)).status).toBe('draft');
  await api.retitle(left, `${group} left out`);
  await review.open();
  for (const title of [...titles, `${group} left out`]) await page.getByRole('checkbox', { name: `Choose ${title}`, exact: true }).check();
  await form.getByRole('button', { name: 'Pack the chosen' }).click();
  const said = page.locator('#batch-said');
  await expect(said).toContainText('3 releases are being packed. What was left out:');
  await expect(said.getByRole('listitem')).toContainText([`${group} left out — Group: This is needed.`]);
  await expectAccessible(page);
  const status = async (id: string) => (await api.lookup(id)).status;
  for (const id of ids) await expect.poll(() => status(id), { timeout: 30_000 }).toBe('packed');
  expect((await api.lookup(broken)).status).not.toBe('packed');
  // The page was read anew meanwhile, and still says it; also while what was left out is put right.
  await expect(said).toContainText(`${group} left out`);
  await page.getByRole('link', { name: `${group} left out`, exact: true }).click();
  await review.field('Group').selectOption({ label: group });
  await expect.poll(async () => (await api.lookup(left)).group?.tag).toBe(group);
  await expect(review.saved).toBeVisible();
  await expect(said).toContainText(`${group} left out`);
});

test('a file beyond the limit is refused before a byte is taken', async ({ api, server }) => {
  const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Length': '900000000000', 'Upload-Metadata': `filename ${btoa('vast.epub')}` };
  expect(await api.refusal('POST', '/api/v1/uploads', headers)).toEqual([413, 'too-large']);
  // A book of another test may still be being read.
  await expect.poll(() => server.leftBehind()).toEqual([]);
});

test('what is not taken of a folder is counted and said, also where nothing of it is taken', async ({ signedIn: page, baseURL, group }, info) => {
  const review = new ReviewPage(page);
  const [said, rows] = [page.locator('#uploads-left-out'), page.locator('#uploads [data-upload]')];
  const folder = await mkdtemp(info.outputPath('folder-'));
  for (const name of ['tales.fb2', 'notes.docx', '.hidden']) await writeFile(join(folder, name), 'no book');
  const read = (locale: string) => page.context().addCookies([{ name: 'esp-locale', value: locale, url: baseURL ?? '' }]);
  await read('fr');
  await review.open();
  await dragOnto(page, folder);
  await expect(said).toHaveText(/^2 fichiers laissés de côté\s: d’un dossier, seuls \.epub, /);

  await read('en');
  await review.open();
  await expect(said).toBeHidden();
  await hold(page);
  await dragOnto(page, folder);
  await expect(said).toHaveText(
    '2 files were left out: from a folder only .epub, .pdf, .mobi, .prc, .azw, .azw3, .cbz are taken. A book with another ending can be dropped by itself.',
  );
  await expect(rows).toHaveCount(0);
  await expectAccessible(page);
  await rm(join(folder, 'tales.fb2'));
  await copyFile(book('lighthouse'), join(folder, `${group}.epub`));
  await dragOnto(page, folder);
  await expect(said).toHaveText(/^1 file was left out: /);
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(`${group}.epub`);
  // What is chosen by itself is taken whatever it is, and nothing is left out of it.
  await review.choose(book('truncated'));
  await expect(rows).toHaveCount(2);
  await expect(said).toBeHidden();
});
