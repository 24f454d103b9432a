import { expectAccessible } from '../fixtures/accessible';
import { book } from '../fixtures/books';
import { looks } from '../fixtures/looks';
import { expect, test } from '../fixtures/own-house';
import { ReviewPage } from '../pages/review-page';

test('only what can be packed is counted as ready, and the rest says why it cannot', async ({ signedIn: page, api, baseURL }) => {
  const group = await api.createGroup('GRP');
  const good = await api.upload(book('lighthouse'));
  const cut = await api.upload(book('truncated'));
  for (const release of [good, cut]) {
    expect((await api.settled(release)).status).toBe('draft');
    await api.ready(release, group);
  }
  await new ReviewPage(page).open();
  const pack = page.locator('#pack-ready');
  await expect(pack).toHaveText('Pack 1 ready');
  const blocked = page.locator('#batch-blocked');
  await blocked.getByText('1 cannot be packed yet').click();
  await expect(blocked.getByRole('listitem')).toHaveText(/: [A-Z]{3}-\d{3} /);
  await expect(blocked.getByRole('link')).toHaveAttribute('href', `/releases/${cut}/review`);
  await expectAccessible(page);
  await looks(page, 'batch-blocked');

  // Nothing is left out by the press that was not said before it.
  await pack.click();
  const said = page.locator('#batch-said');
  await expect(said.getByRole('status')).toContainText('1 release is being packed');
  await expect(said.getByRole('alert')).toHaveCount(0);
  expect((await api.settled(good)).status).toBe('packed');
  await expect(pack).toHaveText('Pack 0 ready');
  await expect(pack).toBeDisabled();
  expect((await api.settled(cut)).status).toBe('draft');

  // The same book once more gets a name that is taken by now.
  const again = await api.upload(book('lighthouse'));
  await api.settled(again);
  await api.ready(again, group);
  await page.context().addCookies([{ name: 'esp-locale', value: 'fr', url: baseURL ?? '' }]);
  await page.reload();
  await blocked.getByText('2 ne peuvent pas encore être empaquetés').click();
  await expect(blocked.getByRole('listitem').filter({ hasText: 'est déjà pris dans ce groupe' })).toHaveCount(1);
});
