import { readFile, stat } from 'node:fs/promises';
import { ADMINISTRATOR } from '../fixtures/account';
import { Api } from '../fixtures/api';
import { largeBook } from '../fixtures/books';
import { Server } from '../fixtures/server';
import { expect, test } from '../fixtures/test';

/** As the browser sends them. */
const PART_BYTES = 4 << 20;

test('a server that is killed while it takes, reads and packs a book loses nothing', async () => {
  test.setTimeout(240_000);
  const server = await Server.start({ ADMIN_USERNAME: ADMINISTRATOR.username, ADMIN_PASSWORD: ADMINISTRATOR.password });
  try {
    const file = largeBook();
    const bytes = await readFile(file);
    let api = await Api.signIn(server.address);
    const group = await api.createGroup('KILLED');

    // Killed while a part is on its way: what was acknowledged is there, and the rest follows.
    const upload = await api.beginUpload('large.epub', bytes.length);
    let offset = await api.sendPart(upload, 0, bytes.subarray(0, PART_BYTES));
    expect(offset).toBe(PART_BYTES);
    const cut = api.sendPart(upload, offset, bytes.subarray(offset, offset + 4 * PART_BYTES)).catch(() => undefined);
    await server.kill();
    await cut;
    await server.startAgain();
    api = await Api.signIn(server.address);
    offset = await api.uploadOffset(upload);
    expect(offset).toBeGreaterThanOrEqual(PART_BYTES);
    while (offset < bytes.length) offset = await api.sendPart(upload, offset, bytes.subarray(offset, offset + PART_BYTES));
    const release = await api.uploadedRelease(upload);

    // Killed while the book is read.
    await server.kill();
    await server.startAgain();
    api = await Api.signIn(server.address);
    expect((await api.settled(release, 60_000)).status).toBe('draft');

    // Killed while it is packed: no half package, and the job goes on by itself.
    await api.ready(release, group);
    await api.pack(release);
    await expect.poll(async () => (await api.lookup(release)).status).toBe('packing');
    await server.kill();
    await server.startAgain();
    api = await Api.signIn(server.address);
    const packed = await api.settled(release, 120_000);
    expect(packed.status).toBe('packed');
    expect(await api.verified(release)).toBe('done');

    // Nothing half done is left on the disk.
    expect(await server.leftBehind()).toEqual([]);
    expect((await stat(file)).size).toBe(bytes.length);
  } finally {
    await server.stop();
  }
});
