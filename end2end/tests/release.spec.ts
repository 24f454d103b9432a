import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
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
  await expect(page.getByText(/^All \d+ files were read, .+ together, and each is as it was made\./)).toBeVisible();
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

test('a picture of the NFO that cannot be made says so below its button', async ({ signedIn: page, api, group }) => {
  const packed = await api.packed(book('lighthouse'), await api.createGroup(group));
  const release = new ReleasePage(page);
  await release.open(packed.id);
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  const problem = page.locator('.nfo-view').getByText('The browser cannot make this picture.');
  await expect(problem).toBeHidden();
  await page.evaluate(() => {
    HTMLCanvasElement.prototype.toBlob = (done) => done(null);
  });
  await page.getByRole('button', { name: 'Picture (PNG)' }).click();
  await expect(problem).toBeVisible();
  await expect(page.locator('#announcer')).toContainText('The browser cannot make this picture.');
  // What lies half under the head of the page is no fault.
  await page.evaluate(() => scrollTo(0, 0));
  await expectAccessible(page);
  // What works takes it away.
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Plain text' }).click();
  await download;
  await expect(problem).toBeHidden();
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

test('a link lets a stranger compare a copy with what was released, until it is withdrawn', async ({ signedIn: page, api, group, stranger, complaints }) => {
  // The link of the stranger leads nowhere at the end.
  complaints.expect(/status of 404/);
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

  const theirs = await stranger();
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
  const ask = page.getByRole('dialog', { name: 'Withdraw the link?' });
  await expectAccessible(page);
  await ask.getByRole('button', { name: 'Keep the link' }).click();
  await expect(ask).toBeHidden();
  await page.getByRole('button', { name: 'Withdraw the link' }).click();
  await ask.getByRole('button', { name: 'Withdraw the link' }).click();
  await expect(page.getByText('The link is withdrawn.')).toBeVisible();
  const answer = await theirs.goto(link);
  expect(answer?.status()).toBe(404);
  await expect(theirs.getByText('This link leads nowhere')).toBeVisible();
});

test('a release is withdrawn with a reason, offered to nobody, and offered again', async ({ signedIn: page, api, group }) => {
  const packed = await api.packed(book('lighthouse'), await api.createGroup(group));
  const release = new ReleasePage(page);
  await release.open(packed.id);
  await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Withdraw this release?' });
  await expectAccessible(page);
  await dialog.getByLabel('Reason').fill('Page 12 is missing.');
  await dialog.getByRole('button', { name: 'Withdraw the release' }).click();
  await expect(page.getByRole('status')).toContainText('The release is withdrawn');
  await expect(page.getByText('Page 12 is missing.')).toBeVisible();
  await expect(page.getByRole('link', { name: /^Download/ })).toHaveCount(0);
  await expect(release.files.filter({ hasText: 'manifest.json' })).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'release-withdrawn');
  const answer = await page.request.get(`/api/v1/packages/${(await packageOf(page, packed.id))}/archive`);
  expect([answer.status(), ((await answer.json()) as { code: string }).code]).toEqual([409, 'withdrawn']);
  await page.goto(`/releases?q=${group}`);
  await expect(page.locator('.release-row').first()).toContainText('Withdrawn');
  await page.getByLabel('Status', { exact: true }).selectOption({ label: 'Withdrawn' });
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(/status=withdrawn/);
  await expect(page.locator('.release-row')).toHaveCount(1);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  expect((await readFile(await (await download).path(), 'utf8')).trim().split('\r\n')).toHaveLength(2);
  await release.open(packed.id);
  await page.getByRole('button', { name: 'Offer it again' }).click();
  await expect(page.getByRole('status')).toContainText('offered again');
  await page.goto(`/releases?q=${group}&status=withdrawn`);
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await release.open(packed.id);
  await release.downloadAll();
});

test('a release is deleted once one has been told what goes, and its address leads nowhere', async ({ signedIn: page, api, group, complaints }) => {
  complaints.expect(/status of 404/);
  const packed = await api.packed(book('lighthouse'), await api.createGroup(group));
  const release = new ReleasePage(page);
  await release.open(packed.id);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete this release?' });
  await expect(dialog).toContainText(/Its package goes with it, \d+ files and/);
  await expectAccessible(page);
  await looks(page, 'release-deleting');
  await dialog.getByRole('button', { name: 'Delete the release' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The release is deleted.' })).toBeVisible();
  await expect(page).toHaveURL(/\/releases\?/);
  await expect(page.locator(`[data-row] a[href*="${packed.id}"]`)).toHaveCount(0);
  expect((await page.goto(`/releases/${packed.id}`))?.status()).toBe(404);
});

async function packageOf(page: Page, release: string): Promise<string> {
  const found = (await (await page.request.get(`/api/v1/releases/${release}`)).json()) as { packages: { id: string }[] };
  return found.packages[0]?.id ?? '';
}

test('what is here already is said beside a release, with the way to it', async ({ signedIn: page, api, group }) => {
  const first = await api.upload(book('lighthouse'));
  await api.settled(first);
  await api.retitle(first, `${group} first`);
  const second = await api.upload(book('lighthouse'));
  await api.settled(second);
  for (const path of [`/releases/${second}/review`, `/releases/${second}`]) {
    await page.goto(path);
    const note = page.getByRole('region', { name: 'Perhaps here already' });
    await expect(note.getByText('The same file').first()).toBeVisible();
    await expectAccessible(page);
    await note.getByRole('link', { name: `${group} first` }).click();
    await expect(page).toHaveURL(new RegExp(`/releases/${first}$`));
  }
});

test('a book under DRM is refused by the name of its scheme', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('protected'));
  expect((await api.settled(id)).status).toBe('refused');
  const release = new ReleasePage(page);
  await release.open(id);
  await expect(page.getByText(/protected by .*ADEPT/i)).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'release-refused');
});

test('one fault in many places is told once, with its places and why it matters', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('scattered'));
  await api.settled(id);
  const release = new ReleasePage(page);
  await release.open(id);
  const fault = release.findings.locator('.finding').filter({ hasText: '12 times' });
  await expect(fault).toHaveCount(1);
  await expect(fault).toContainText('nowhere-1.xhtml');
  const last = fault.getByText('nowhere-12.xhtml').first();
  await expect(last).toBeHidden();
  await fault.getByText(/^11 more places/).click();
  await expect(last).toBeVisible();
  await fault.getByText(/^Why, and how to put it right/).click();
  await expect(fault.getByRole('link', { name: /^The page of RSC-007/ })).toBeVisible();
  // What lies half under the head of the page is no fault.
  await page.evaluate(() => scrollTo(0, 0));
  await expectAccessible(page);
  await looks(page, 'release-findings');
});
