import { expectAccessible } from '../fixtures/accessible';
import { book } from '../fixtures/books';
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

  const whole = await release.downloadAll();
  expect(whole.suggestedFilename()).toBe(`${packed.name}.zip`);
  await expectBookInside(await whole.path(), book('lighthouse'), info);
  await expectSameFromCommandLine(await whole.path(), book('lighthouse'), group, packed.release_date, info);

  const manifest = await release.downloadFile('manifest.json');
  expect(manifest.suggestedFilename()).toBe('manifest.json');

  await release.verify();
  await expect(page.getByText('Every file has the checksums it was packed with.')).toBeVisible();
});

test('a book under DRM is refused by the name of its scheme', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('protected'));
  expect((await api.settled(id)).status).toBe('refused');
  const release = new ReleasePage(page);
  await release.open(id);
  await expect(page.getByText(/protected by .*ADEPT/i)).toBeVisible();
  await expectAccessible(page);
});
