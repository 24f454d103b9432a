import { readFile } from 'node:fs/promises';
import { ADMINISTRATOR } from '../fixtures/account';
import { Api } from '../fixtures/api';
import { largeBook, longBook } from '../fixtures/books';
import { Server } from '../fixtures/server';
import { expect, test as base } from '../fixtures/test';

/** As the browser sends them. */
const PART_BYTES = 4 << 20;
/** As the server stores them: one request may bring many. */
const STORED_PART_BYTES = 8 << 20;

const test = base.extend<{ victim: Server }>({
  victim: [
    async ({}, use) => {
      const server = await Server.start({ ADMIN_USERNAME: ADMINISTRATOR.username, ADMIN_PASSWORD: ADMINISTRATOR.password });
      await use(server);
      await server.stop();
    },
    { timeout: 90_000 },
  ],
});

async function kill(server: Server): Promise<Api> {
  await server.kill();
  await server.startAgain();
  return Api.signIn(server.address);
}

test('killed while a part is on its way, the upload goes on behind what was acknowledged', async ({ victim }) => {
  let api = await Api.signIn(victim.address);
  const bytes = await readFile(largeBook());
  const upload = await api.beginUpload('large.epub', bytes.length);
  const acknowledged = await api.sendPart(upload, 0, bytes.subarray(0, PART_BYTES));
  expect(acknowledged).toBe(PART_BYTES);

  // One request is open: a part of it is stored, half of the next has come, and the rest is awaited.
  const sent = bytes.subarray(acknowledged, acknowledged + STORED_PART_BYTES + STORED_PART_BYTES / 2);
  api.leavePartOpen(upload, acknowledged, sent, bytes.length - acknowledged);
  const stored = acknowledged + STORED_PART_BYTES;
  await expect.poll(() => api.uploadOffset(upload), { timeout: 30_000 }).toBe(stored);
  api = await kill(victim);

  let offset = await api.uploadOffset(upload);
  expect(offset, 'what was stored is there, and of the half part nothing').toBe(stored);
  while (offset < bytes.length) offset = await api.sendPart(upload, offset, bytes.subarray(offset, offset + PART_BYTES));
  const release = await api.uploadedRelease(upload);
  expect((await api.settled(release, 60_000)).status).toBe('draft');
  expect(await victim.leftBehind()).toEqual([]);
});

test('killed while a book is read, the reading begins anew by itself', async ({ victim }) => {
  let api = await Api.signIn(victim.address);
  let release = '';
  await victim.slowed(async () => {
    release = await api.upload(longBook());
    await api.atWork(release, 'inspect');
  });
  api = await kill(victim);

  const settled = await api.settled(release, 90_000);
  expect(settled.status).toBe('draft');
  expect(settled.jobs[0]).toMatchObject({ kind: 'inspect', attempts: 2 });
  expect(await victim.leftBehind()).toEqual([]);
});

test('killed while a book is packed, there is no half package and the packing begins anew by itself', async ({ victim }) => {
  test.setTimeout(180_000);
  let api = await Api.signIn(victim.address);
  const release = await api.upload(largeBook());
  expect((await api.settled(release, 60_000)).status).toBe('draft');
  await api.ready(release, await api.createGroup('KILLED'));
  await victim.slowed(async () => {
    await api.pack(release);
    await api.atWork(release, 'pack');
  });
  api = await kill(victim);

  const packed = await api.settled(release, 120_000);
  expect(packed.status).toBe('packed');
  expect(packed.jobs[0]).toMatchObject({ kind: 'pack', attempts: 2 });
  expect(await api.verified(release)).toBe('done');
  expect(await victim.leftBehind()).toEqual([]);
});
