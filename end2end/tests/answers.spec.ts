import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { expect, test } from '../fixtures/test';
import { ReviewPage } from '../pages/review-page';

const DESK = 'leptos-island[data-component^="Desk"]';

function copyButton(page: Page) {
  return page.getByRole('button', { name: 'Copy: release name' });
}

test('a name is copied, and the button says so', async ({ signedIn: page, api, group, context }) => {
  const release = await api.packed(book('lighthouse'), await api.createGroup(group));
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`/releases/${release.id}`);
  await alive(page.locator(DESK));
  await copyButton(page).click();
  await expect(copyButton(page)).toHaveAttribute('data-state', 'copied');
  await expect(page.locator('#announcer')).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(release.name);
});

test('a page that has no clipboard copies as well, and says so where it cannot', async ({ signedIn: page, api, group }) => {
  const release = await api.packed(book('lighthouse'), await api.createGroup(group));
  // As over plain HTTP in a house's own network.
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined }));
  await page.goto(`/releases/${release.id}`);
  await alive(page.locator(DESK));
  await copyButton(page).click();
  await expect(copyButton(page)).toHaveAttribute('data-state', 'copied');
  await expect(copyButton(page)).toBeFocused();
  await page.locator('body').evaluate((body) => {
    const field = document.createElement('input');
    field.id = 'paste';
    body.append(field);
  });
  await page.locator('#paste').focus();
  await page.keyboard.press('ControlOrMeta+v');
  await expect(page.locator('#paste')).toHaveValue(release.name ?? '');
  await page.locator('#paste').evaluate((field) => field.remove());

  await page.evaluate(() => (document.execCommand = () => false));
  await copyButton(page).click();
  const field = page.locator('.copy__field');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(release.name ?? '');
  expect(await field.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd))).toBe(release.name);
  await expect(page.locator('#announcer')).toHaveText('Not copied: the text is marked, copy it from there');
  await expectAccessible(page);
  // It goes with the focus, which the reading of the rules may have taken already.
  await page.keyboard.press('Tab');
  await expect(field).toHaveCount(0);
  await expect(copyButton(page)).not.toHaveAttribute('data-state', 'failed');
});

test('what is typed while the network is cut is saved once it is back, without another key', async ({ signedIn: page, api, context, complaints }) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|Failed to load/);
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  const notice = page.locator('#connection');
  await expect(notice).toHaveText('');
  await context.setOffline(true);
  await expect(notice).toContainText('No connection to the server.');
  await review.field('Title').fill('Tides by night');
  await review.field('Title').blur();
  await expect(review.saved).toContainText('Not saved');
  await review.field('Publisher').fill('Rocks & Sons');
  await expectAccessible(page);
  await context.setOffline(false);
  await expect(notice).toHaveText('');
  await expect(review.saved).toContainText(/^Saved/);
  await page.reload();
  await expect(review.field('Title')).toHaveValue('Tides by night');
  await expect(review.field('Publisher')).toHaveValue('Rocks & Sons');
});

test('a server that is away is told, and is found again', async ({ signedIn: page, api, complaints }) => {
  complaints.expect(/status of 502/);
  await api.settled(await api.upload(book('lighthouse')));
  await page.goto('/releases');
  await alive(page.locator('leptos-island[data-component^="Catalogue"]'));
  // As nginx answers while nothing stands behind it.
  const away = (url: URL) => url.pathname === '/releases' || url.pathname === '/api/health/live';
  await page.route(away, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>502</h1>' }));
  await page.locator('#search').fill('nosuchword');
  await expect(page.locator('#connection')).toContainText('No connection to the server.');
  await expect(page.locator('#releases [data-row]').first()).toBeVisible();
  await page.unroute(away);
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await expect(page.locator('#connection')).toHaveText('');
});

test('a press that the server did not answer is told at its button, and is not repeated by itself', async ({ signedIn: page, api, group, complaints }) => {
  complaints.expect(/status of 502/);
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  await api.ready(id, await api.createGroup(group));
  const review = new ReviewPage(page);
  await review.of(id);
  const notice = page.locator('#connection');
  const told = review.state.getByRole('alert');
  let presses = 0;
  page.on('request', (request) => (presses += request.url().endsWith('/review-pack') ? 1 : 0));
  // As nginx answers while nothing stands behind it: the page that is read anew gets no answer either.
  const away = (url: URL) => ['/api/app/review-pack', '/api/health/live', `/releases/${id}/review`].includes(url.pathname);
  await page.route(away, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>502</h1>' }));
  await review.pack.click();
  await expect(notice).toContainText('A button that is pressed meanwhile is not repeated');
  await expect(told).toHaveText('No usable answer came from the server, so this may not have been done. Press it again once the server answers.');
  await expect(review.pack).toBeEnabled();
  await expect(review.pack).not.toHaveAttribute('aria-busy');
  // Nothing was typed, so that there is nothing to be saved.
  await expect(review.saved).toContainText(/^Saved/);
  await expectAccessible(page);
  await page.unroute(away);
  await expect(notice).toContainText('What you pressed meanwhile was not repeated');
  expect((await api.settled(id)).status).toBe('draft');
  expect(presses).toBe(1);
  await review.pack.click();
  await expect(notice).toHaveText('');
  await expect(told).toHaveCount(0);
  await expect(review.download).toBeVisible({ timeout: 30_000 });
  expect(presses).toBe(2);
});

test('what is said of a refused field stays until it is mended, whatever happens meanwhile', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  await page.getByText('More fields').click();
  const [number, problem, told] = [review.field('ISBN'), page.locator('#problem-isbn'), page.locator('#review-answer').getByRole('alert')];
  await number.fill('no number at all');
  await page.keyboard.press('Tab');
  await expect(problem).not.toBeEmpty();
  await expect(told).toBeVisible();
  // Another person changes something, and the page is read anew; then one types, and a preview comes.
  await api.year(id, '1914');
  await expect(review.field('Year')).toHaveValue('1914');
  await review.field('Title').pressSequentially(' Kept');
  await expect(review.name).toContainText('Kept');
  await expect(problem).not.toBeEmpty();
  await expect(told).toBeVisible();
  await expect(number).toHaveValue('no number at all');
  await expectAccessible(page);
  await number.fill('9780306406157');
  await page.keyboard.press('Tab');
  await expect(problem).toBeEmpty();
  await expect(told).toHaveCount(0);
  await expect.poll(async () => (await api.lookup(id)).title).toContain('Kept');
});

test('a form of another page is not left while nothing answers, and keeps what is typed', async ({ signedIn: page, api, group, context, complaints }) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|Failed to load/);
  const release = await api.packed(book('lighthouse'), await api.createGroup(group));
  await page.goto(`/releases/${release.id}`);
  await alive(page.locator(DESK));
  const notice = page.locator('#connection');
  // The page looks for the server from time to time.
  const looked = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/health/live'));
  await context.setOffline(true);
  await expect(notice).toContainText('No connection to the server.');
  await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Withdraw this release?' });
  await dialog.getByLabel('Reason').fill('The scan lacks page 12.');
  await dialog.getByRole('button', { name: 'Withdraw the release' }).click();
  await expect(dialog.getByRole('alert')).toContainText('this may not have been done');
  await expect(dialog.getByLabel('Reason')).toHaveValue('The scan lacks page 12.');
  await looked;
  await context.setOffline(false);
  await expect(notice).toContainText('The server answers again.');
  await dialog.getByRole('button', { name: 'Withdraw the release' }).click();
  await expect(page.getByText('The release is withdrawn')).toBeVisible();
  await expect(notice).toHaveText('');
});

test('a second press while the first is on its way is none', async ({ signedIn: page, api, group }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  await api.ready(id, await api.createGroup(group));
  const review = new ReviewPage(page);
  await review.of(id);
  let presses = 0;
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/api/app/review-pack', async (route) => {
    presses += 1;
    await held;
    await route.continue();
  });
  await review.pack.click();
  await expect(review.pack).toHaveAttribute('aria-busy', 'true');
  // A book that comes draws the page anew: the button still says so.
  const other = await api.upload(book('truncated'));
  await expect(page.locator(`#row-${other}`)).toBeVisible();
  await expect(review.pack).toHaveAttribute('aria-busy', 'true');
  await review.pack.click();
  letGo();
  await expect(review.download).toBeVisible({ timeout: 30_000 });
  expect(presses).toBe(1);
});

test('what is as it was is not drawn anew when another book comes', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  await review.fill('Title', 'Another Almanac');
  await expect(review.saved).toContainText(/^Saved/);
  const comes = async () => {
    const other = await api.upload(book('lighthouse'));
    await api.settled(other);
    await expect(page.locator(`#row-${other}`)).toContainText('Almanac');
  };
  await comes();
  await review.pack.evaluate((button) => Object.assign(button, { isTheSame: true }));
  await comes();
  expect(await review.pack.evaluate((button) => 'isTheSame' in button)).toBe(true);
});

test('each part of the name says what it is, leads to its field, and Escape leads back', async ({ signedIn: page, api, group }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  await api.ready(id, await api.createGroup(group));
  const review = new ReviewPage(page);
  await review.of(id);
  const legend = page.getByRole('list', { name: 'Parts of the name' });
  await expect(legend.getByRole('link', { name: `Group ${group}` })).toHaveAttribute('href', '#field-group');
  await expect(legend.getByRole('link', { name: 'Format ePUB' })).toHaveAttribute('href', '#review-file');
  await legend.getByRole('link', { name: /^Title / }).click();
  await review.field('Title').focus();
  await page.keyboard.press('Escape');
  await expect(page.locator('a.name-part[href="#field-title"]')).toBeFocused();
});

test('a finding says beside itself why it matters and how it is put right', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  await new ReviewPage(page).of(id);
  const finding = page.locator('.finding-group').first();
  await finding.getByText('Why, and how to put it right').click();
  await expect(finding.getByRole('link', { name: /^The page of / })).toBeVisible();
  // What the head of the page lies over while it is scrolled is not meant to be pressed.
  await page.evaluate(() => scrollTo(0, 0));
  await expectAccessible(page);
});

test('a wrong field says what a right one looks like, and what is to be done names it and leads there, in both languages', async ({ signedIn: page, api, baseURL }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  const wrong = 'ISBN: The last digit of an ISBN must fit the others: this one would end in 7. Compare it with the book.';
  const [toDo, answer] = [review.state, page.locator('#review-answer')];
  await page.getByText('More fields').click();
  await review.field('ISBN').fill('978-0-306-40615-8');
  await expect(toDo.getByRole('link', { name: wrong })).toHaveAttribute('href', '#field-isbn');
  await review.field('ISBN').blur();
  await expect(page.locator('#problem-isbn')).toHaveText(wrong.replace('ISBN: ', ''));
  await expect(answer.getByRole('link', { name: wrong })).toHaveAttribute('href', '#field-isbn');
  await expectAccessible(page);
  await review.field('ISBN').fill('');
  await review.fill('Year', '14');
  await expect(answer.getByRole('link')).toHaveText('Year: A year has four digits and lies between 1000 and 2999, such as 2014.');
  await expect(toDo.getByRole('link', { name: /^Year: / })).toBeVisible();
  await review.fill('Year', '2014');
  await expect(answer.getByRole('link')).toHaveCount(0);
  await expect(toDo.getByRole('link', { name: /^Year: / })).toHaveCount(0);

  await page.context().addCookies([{ name: 'esp-locale', value: 'fr', url: baseURL ?? '' }]);
  await review.of(id);
  await page.locator('.further > summary').click();
  const said: [string, string, string][] = [
    ['language', 'x1', 'Langue : Une langue s’écrit par son code, comme en, fr ou pt-BR.'],
    ['issue-date', '1900-02-29', 'Date du numéro : Un jour du calendrier s’écrit année-mois-jour, comme 1895-05-07.'],
    ['url', 'example.org', 'Lien : Un lien commence par https:// ou http:// et n’a pas d’espace, comme https://example.org/livre.'],
    ['isbn', '97803064', 'ISBN : Un ISBN a 10 ou 13 chiffres, celui-ci en a 8. En voici un : 978-0-306-40615-7.'],
  ];
  for (const [field, value, sentence] of said) {
    await page.locator(`#field-${field}`).fill(value);
    await expect(toDo.getByRole('link', { name: sentence })).toHaveAttribute('href', `#field-${field}`);
    await page.locator(`#field-${field}`).blur();
    await expect(answer.getByRole('link', { name: sentence })).toHaveAttribute('href', `#field-${field}`);
    await page.locator(`#field-${field}`).fill('');
    await page.locator(`#field-${field}`).blur();
    await expect(answer.getByRole('link')).toHaveCount(0);
  }
});

test('a form that leads to another page is sent once, however often it is pressed', async ({ signedIn: page, api, group }) => {
  const packed = await api.upload(book('lighthouse'));
  await api.settled(packed);
  await api.retitle(packed, group);
  await api.ready(packed, await api.createGroup(group));
  await api.pack(packed);
  expect((await api.settled(packed)).status).toBe('packed');
  await page.goto(`/releases/${packed}`);
  await alive(page.locator(DESK));
  await page.getByRole('button', { name: 'Correct' }).click();
  await page.getByLabel('REPACK').check();
  await page.getByRole('button', { name: 'Begin the correction' }).dblclick({ noWaitAfter: true });
  await expect(page).toHaveURL(/\/review$/);
  expect(await api.titled(group)).toHaveLength(2);

  // What one comes back to can be pressed again.
  await page.goto(`/releases/${packed}`);
  await alive(page.locator(DESK));
  await page.getByRole('button', { name: 'Correct' }).click();
  await page.getByLabel('REPACK').check();
  const heldBack = await page.getByRole('button', { name: 'Begin the correction' }).evaluate((button) => {
    const heldBack: boolean[] = [];
    addEventListener('submit', (event) => heldBack.push(event.defaultPrevented));
    const press = () => button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    press();
    press();
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    press();
    return heldBack;
  });
  expect(heldBack).toEqual([false, true, false]);
  await expect(page).toHaveURL(/\/review$/);
});
