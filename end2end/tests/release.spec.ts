import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { looks } from '../fixtures/looks';
import { expectBookInside, expectSameFromCommandLine } from '../fixtures/package';
import { expect, test } from '../fixtures/test';
import { ReleasePage } from '../pages/release-page';

test('a package is shown, downloaded whole and file by file, and verified', async ({ signedIn: page, api, group }, info) => {
  const packed = await api.packed(book('lighthouse'), await api.createGroup(group));
  const release = new ReleasePage(page);
  await release.open(packed.id);
  await expect(release.title).toHaveText('The Lighthouse Keeper’s Almanac');
  await expect(release.nfo).toContainText(group);
  await expect(page.getByText(packed.name ?? '', { exact: true }).first()).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'release');

  const whole = await release.downloadAll();
  expect(whole.suggestedFilename()).toBe(`${packed.name}.zip`);
  await expectBookInside(await whole.path(), book('lighthouse'), info);
  await expectSameFromCommandLine(await whole.path(), book('lighthouse'), group, packed.release_date, info);

  const manifest = await release.downloadFile('manifest.json');
  expect(manifest.suggestedFilename()).toBe('manifest.json');

  await release.verify();
  await expect(page.getByText('Every file has the checksums it was packed with.')).toBeVisible();
});

test('the NFO is saved as a picture and as text', async ({ signedIn: page, api, group }) => {
  const packed = await api.packed(book('lighthouse'), await api.createGroup(group));
  await new ReleasePage(page).open(packed.id);
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  const saved = async (button: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    return download;
  };
  const text = await saved('Plain text');
  expect(text.suggestedFilename()).toBe(`${packed.name}.txt`);
  const lines = (await readFile(await text.path(), 'utf8')).trimEnd().split('\n');
  expect(lines[0]).toMatch(/^┌─+┐$/);

  const picture = await saved('Picture (PNG)');
  expect(picture.suggestedFilename()).toBe(`${packed.name}.png`);
  const bytes = await readFile(await picture.path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  // Eighty cells and one around them, as many lines as the text has.
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([82 * 17, (lines.length + 2) * 32]);
  const folder = process.env['LOOKS_DIR'];
  if (folder) await picture.saveAs(`${folder}/nfo.png`);
});

test('a release is corrected, and the two are compared', async ({ signedIn: page, api, group }) => {
  const packed = await api.packed(book('lighthouse'), await api.createGroup(group));
  const release = new ReleasePage(page);
  await release.open(packed.id);
  await page.getByRole('button', { name: 'Correct' }).click();
  await expectAccessible(page);
  await looks(page, 'release-correct');
  await page.getByLabel('REPACK').check();
  await page.getByRole('button', { name: 'Begin the correction' }).click();
  await expect(page).toHaveURL(/\/review$/);
  const correction = /releases\/(\w+)\/review/.exec(page.url())?.[1] ?? '';
  await api.publish(correction, 'Another Press');
  await api.pack(correction);
  expect((await api.settled(correction)).name).toContain('.REPACK.');

  await release.open(correction);
  const chain = page.getByRole('region', { name: 'Revisions' });
  await expect(chain.getByRole('listitem')).toHaveCount(2);
  await page.getByText('Log of the last one').click();
  await expect(page.getByRole('log')).toContainText('Done');
  await chain.getByRole('link', { name: `Compare with ${packed.name}` }).click();
  const comparison = page.getByRole('region', { name: 'What has changed' });
  await expect(comparison.getByRole('row', { name: /^Publisher/ })).toContainText('Another Press');
  await expect(comparison.getByRole('row', { name: /^Tags/ })).toContainText('REPACK');
  await expect(comparison.getByRole('row', { name: /manifest\.json/ })).toContainText('changed');
  await expectAccessible(page);
  await looks(page, 'release-compared');
});

test('a link lets a stranger compare a copy with what was released, until it is withdrawn', async ({ signedIn: page, api, group, browser, baseURL }) => {
  const id = await api.createGroup(group);
  const packed = await api.packed(book('lighthouse'), id);
  const release = new ReleasePage(page);
  await release.open(packed.id);
  const copy = await (await release.downloadAll()).path();
  await page.getByRole('button', { name: 'Make a link' }).click();
  const made = page.getByRole('region', { name: 'The link is made' });
  const link = await made.locator('code').innerText();
  await expectAccessible(page);
  await looks(page, 'release-link');
  await page.reload();
  await expect(made).toHaveCount(0);

  const stranger = await browser.newContext(baseURL ? { baseURL } : {});
  const theirs = await stranger.newPage();
  await theirs.goto(link);
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('The Lighthouse Keeper’s Almanac');
  await expect(theirs.getByRole('row', { name: /manifest\.json/ })).toBeVisible();
  await expect(theirs.getByText(packed.name ?? '', { exact: true })).toBeVisible();
  await expectAccessible(theirs);
  await looks(theirs, 'published');
  await alive(theirs.locator('leptos-island[data-component^="Verify"]'));
  await theirs.locator('#verify-files').setInputFiles({ name: 'copy.zip', mimeType: 'application/zip', buffer: await readFile(copy) });
  await expect(theirs.getByRole('heading', { name: 'The package is whole' })).toBeVisible();
  await looks(theirs, 'published-whole');

  // A package that is whole in itself and another one is told apart.
  const other = await api.upload(book('lighthouse'));
  await api.settled(other);
  await api.retitle(other, `Another ${group}`);
  await api.ready(other, id);
  await api.pack(other);
  await api.settled(other);
  await release.open(other);
  const foreign = await (await release.downloadAll()).path();
  await theirs.locator('#verify-files').setInputFiles({ name: 'other.zip', mimeType: 'application/zip', buffer: await readFile(foreign) });
  await expect(theirs.getByRole('heading', { name: 'Another package' })).toBeVisible();
  await expectAccessible(theirs);

  await release.open(packed.id);
  await page.getByRole('button', { name: 'Withdraw the link' }).click();
  await expect(page.getByText('The link is withdrawn.')).toBeVisible();
  const answer = await theirs.goto(link);
  expect(answer?.status()).toBe(404);
  await expect(theirs.getByText('This link leads nowhere')).toBeVisible();
  await stranger.close();
});

test('a book under DRM is refused by the name of its scheme', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('protected'));
  expect((await api.settled(id)).status).toBe('refused');
  const release = new ReleasePage(page);
  await release.open(id);
  await expect(page.getByText(/protected by .*ADEPT/i)).toBeVisible();
  await expectAccessible(page);
});
