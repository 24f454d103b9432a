import { readFile, stat } from 'node:fs/promises';
import { ADMINISTRATOR } from '../fixtures/account';
import { Api } from '../fixtures/api';
import { book, largeBook } from '../fixtures/books';
import { Server } from '../fixtures/server';
import { expect, test as base } from '../fixtures/test';
import { ReviewPage } from '../pages/review-page';

/** Room for some books, and not for one of 360 MB. */
const DISK_MEBIBYTES = 96;
const MEBIBYTE = 1 << 20;

const test = base.extend<{ small: Server }>({
  small: [
    async ({}, use) => {
      const server = await Server.start({ ADMIN_USERNAME: ADMINISTRATOR.username, ADMIN_PASSWORD: ADMINISTRATOR.password }, DISK_MEBIBYTES);
      await use(server);
      await server.stop();
    },
    { timeout: 90_000 },
  ],
  baseURL: async ({ small }, use) => use(small.address),
});

test('a full disk refuses what has no room, keeps what it has, and goes on once there is room', async ({ small }) => {
  test.setTimeout(180_000);
  const api = await Api.signIn(small.address);
  const group = await api.createGroup('ROOM');
  const packed = await api.packed(book('lighthouse'), group);

  // What cannot fit is refused before a byte of it is taken.
  const large = await readFile(largeBook());
  const tus = { 'Tus-Resumable': '1.0.0' };
  const begin = { ...tus, 'Upload-Length': String(large.length), 'Upload-Metadata': `filename ${Buffer.from('large.epub').toString('base64')}` };
  expect(await api.refusal('POST', '/api/v1/uploads', begin)).toEqual([507, 'storage-full']);
  expect(await small.leftBehind()).toEqual([]);

  // The disk fills up under an upload that was begun: what was acknowledged stays, and nothing half written does.
  const size = 12 * MEBIBYTE;
  const upload = await api.beginUpload('cut.epub', size);
  const acknowledged = await api.sendPart(upload, 0, large.subarray(0, MEBIBYTE));
  const before = (await small.files()).filter((path) => path.startsWith('blobs/'));
  await small.fillDisk(2 * MEBIBYTE);
  const part = { ...tus, 'Upload-Offset': String(acknowledged), 'Content-Type': 'application/offset+octet-stream' };
  expect(await api.refusal('PATCH', upload, part, large.subarray(MEBIBYTE, 6 * MEBIBYTE))).toEqual([507, 'storage-full']);
  const form = new FormData();
  form.append('file', new Blob([large.subarray(0, 4 * MEBIBYTE)]), 'whole.epub');
  expect(await api.refusal('POST', '/api/v1/books', {}, form)).toEqual([507, 'storage-full']);
  expect((await small.files()).filter((path) => path.startsWith('blobs/'))).toEqual(before);

  // Not a byte is left: the database says the same, and never an incident.
  await small.fillDisk(0);
  const signIn = await fetch(`${small.address}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(ADMINISTRATOR),
  });
  expect([201, 507]).toContain(signIn.status);

  // With room again it goes on where it stopped, and what was there is whole.
  await small.emptyDisk();
  let offset = await api.uploadOffset(upload);
  expect(offset).toBeGreaterThanOrEqual(acknowledged);
  while (offset < size) offset = await api.sendPart(upload, offset, large.subarray(offset, Math.min(size, offset + 4 * MEBIBYTE)));
  expect(await api.uploadedRelease(upload)).not.toBe('');
  expect(await api.verified(packed.id)).toBe('done');
  expect(await small.leftBehind()).toEqual([]);
});

test('a package for which there is no room is made once there is', async ({ small }) => {
  test.setTimeout(180_000);
  const api = await Api.signIn(small.address);
  const release = await api.upload(book('lighthouse'));
  expect((await api.settled(release)).status).toBe('draft');
  await api.ready(release, await api.createGroup('LATER'));
  await small.fillDisk(0);
  await api.pack(release).catch(() => undefined);
  await small.emptyDisk();
  // The disk may have refused to note the job itself: then it is asked for again.
  if ((await api.lookup(release)).status === 'draft') await api.pack(release);
  expect((await api.settled(release, 60_000)).status).toBe('packed');
  expect(await api.verified(release)).toBe('done');
  expect(await small.leftBehind()).toEqual([]);
});

test('the page says that there is no room and what to do, and the next file goes through', async ({ small, signedIn: page, complaints }) => {
  complaints.expect(/status of 507/);
  const review = new ReviewPage(page);
  await review.open();
  await review.choose(largeBook());
  await expect(page.locator('#uploads')).toContainText('Ask an administrator to make some');
  await review.choose(book('lighthouse'));
  await expect(review.title).toHaveText('The Lighthouse Keeper’s Almanac', { timeout: 30_000 });
  expect(await small.leftBehind()).toEqual([]);
});

test('a file that has no room leaves the smaller ones behind it their turn', async ({ signedIn: page, complaints }) => {
  complaints.expect(/status of 507/);
  const review = new ReviewPage(page);
  await review.open();
  // Two are sent at once: the first, a small one, is held until the large one beside it is refused, so that others wait.
  const size = String((await stat(largeBook())).size);
  let letGo = (): void => undefined;
  const refused = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/api/v1/uploads', async (route) => {
    if (route.request().headers()['upload-length'] !== size) await refused;
    await route.continue();
  });
  await review.choose(book('lighthouse'), largeBook(), book('scattered'), book('inverted'));
  const rows = page.locator('#uploads [data-upload]');
  await expect(rows.filter({ hasText: 'large.epub' })).toHaveAttribute('data-phase', 'refused');
  await expect(rows.and(page.locator('[data-phase="refused"]'))).toHaveCount(1);
  letGo();
  await expect(review.rows).toHaveCount(3, { timeout: 30_000 });
});
