import type { Page, Route } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { looks, looksOf } from '../fixtures/looks';
import { pause } from '../fixtures/ports';
import { expect, test } from '../fixtures/test';

/** Throws the draft away, once one has been told what goes. */
async function discard(page: Page, label = 'Discard the draft'): Promise<void> {
  await page.getByRole('button', { name: label }).click();
  await page.getByRole('dialog').getByRole('button', { name: label }).click();
}

test('a profile is copied, mended where it is wrong, tried, saved, and followed by a release', async ({ signedIn: page, api, group }) => {
  const id = await api.createGroup(group);
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  await api.retitle(release, `${group} on trial`);
  await page.goto('/profiles');
  await expectAccessible(page);
  await looks(page, 'profiles');
  await page.getByRole('row').filter({ hasText: /^plain/ }).getByRole('link', { name: 'Copy' }).click();
  await alive(page.locator('leptos-island[data-component^="Follow"]'));

  const text = page.getByLabel('TOML');
  const name = group.toLowerCase();
  const written = (await text.inputValue()).replace('my-plain', name).replace(/columns = 80/, 'columns = 8000');
  await text.fill(written);
  const outcome = page.locator('#profile-outcome');
  const preview = page.locator('#profile-preview');
  await expect(outcome).toContainText(/Line \d+, column \d+/);
  await expectAccessible(page);
  await looks(page, 'profile-wrong');
  await page.reload();
  await expect(page.getByText('This is your draft.')).toBeVisible();
  await expect(text).toHaveValue(written);
  await alive(page.locator('leptos-island[data-component^="Follow"]'));

  await text.fill(written.replace('columns = 8000', 'columns = 60'));
  await page.getByLabel('On a release').selectOption({ label: `${group} on trial` });
  await expect(outcome).toContainText('The text is a profile.');
  await expect(preview.locator('.nfo').first()).toContainText('on trial');
  await looks(page, 'profile-tried');
  await page.getByRole('button', { name: 'Save as the next version' }).click();
  await expect(page.getByText('The profile is saved.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);

  await page.getByRole('link', { name: 'Edit the profile' }).click();
  await text.fill((await text.inputValue()).replace('columns = 60', 'columns = 72'));
  await page.getByRole('button', { name: 'Save as the next version' }).click();
  await page.getByRole('link', { name: 'version 1', exact: true }).click();
  const diff = page.getByRole('list', { name: 'What has changed' });
  await expect(diff.locator('.diff__line--old')).toHaveText(/columns = 60/);
  await expect(diff.locator('.diff__line--new')).toHaveText(/columns = 72/);
  await expectAccessible(page);
  await looks(page, 'profile');

  await api.follow(release, id, name);
  await api.pack(release);
  expect((await api.settled(release)).status).toBe('packed');
  await page.goto(`/releases/${release}`);
  await expect(page.getByText(`Profile ${name}, version 2.`)).toBeVisible();
});

test('a release that was not changed lately is found by its words, and tried here and in the editor', async ({ signedIn: page, api, group }) => {
  const [old, late] = await Promise.all([api.upload(book('lighthouse')), api.upload(book('lighthouse'))]);
  for (const [id, word] of [[old, 'old'], [late, 'late']] as const) {
    await api.settled(id);
    await api.retitle(id, `${group} ${word}`);
  }
  // As many as are offered without a search.
  await Promise.all(Array.from({ length: 20 }, () => api.upload(book('truncated'))));
  await page.goto('/profiles/plain');
  const choice = page.getByLabel('On a release');
  await expect(choice.locator('option')).toHaveCount(21);
  await expect(choice.locator('option', { hasText: `${group} old` })).toHaveCount(0);
  await page.getByLabel('Find a release').fill(`${group} old`);
  await page.keyboard.press('Enter');
  await expect(choice).toHaveValue(old);
  await expect(choice.locator('option')).toHaveCount(2);
  await expect(page.locator('.release-name')).toContainText('.old.');
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Copy' }).click();
  await alive(page.locator('leptos-island[data-component^="Follow"]'));
  await expect(choice).toHaveValue(old);
  await expect(page.locator('#profile-outcome .release-name')).toContainText('.old.');
  const find = page.getByLabel('Find a release');
  await find.fill(`${group} nowhere`);
  await expect(page.locator('#try-choice')).toContainText('No release has these words.');
  await expect(page.locator('#announcer')).toHaveText('No release has these words.');
  await expect(choice).toHaveValue(old);
  await find.fill(`${group} late`);
  await expect(choice).toHaveValue(late);
  await expect(page.locator('#profile-outcome .release-name')).toContainText('.late.');
  await expect(find).toBeFocused();
  await expectAccessible(page);
  // Enter saves no version in passing.
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.keyboard.press('Enter');
  await find.fill(`${group} old`);
  await expect(choice).toHaveValue(old);
  expect(sent.filter((what) => !what.endsWith('/profile-check'))).toEqual([]);
  // One that is gone, and what is no release, are not tried; the profile can be written all the same.
  for (const gone of ['00000000000000000000000000', 'x']) {
    expect((await page.goto(`/profiles/new?from=plain&release=${gone}`))?.status()).toBe(200);
    await expect(page.getByLabel('TOML')).toBeVisible();
    await expect(choice).toHaveValue('');
    expect((await page.goto(`/profiles/plain?release=${gone}`))?.status()).toBe(200);
    await expect(choice).toHaveValue('');
  }
});

test('the form and the text are one document, and a template shows what comes of it', async ({ signedIn: page, api, group }) => {
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  await api.retitle(release, `${group} in a template`);
  await page.goto('/profiles/new?from=scene-ebook');
  await alive(page.locator('leptos-island[data-component^="Follow"]'));
  const text = page.getByLabel('TOML');
  await expect(text).toHaveValue(/# Two authors are both named/);
  await page.getByLabel('Name of the profile').fill(group.toLowerCase());
  await expect(text).toHaveValue(new RegExp(`^name = "${group.toLowerCase()}"$`, 'm'));
  await expect(text).toHaveValue(/# Two authors are both named/);
  await page.getByRole('checkbox', { name: 'mobi' }).uncheck();
  await expect(text).toHaveValue(/^formats = \["epub", "pdf", "azw", "kf8", "prc", "cbz"\]$/m);
  await text.fill((await text.inputValue()).replace('columns = 80', 'columns = 72'));
  await expect(page.getByLabel('Columns of the NFO')).toHaveValue('72');
  await page.getByLabel('Columns of the NFO').fill('80');
  await expect(text).toHaveValue(/^columns = 80$/m);

  await page.getByLabel('On a release').selectOption({ label: `${group} in a template` });
  const preview = page.locator('#profile-preview');
  await expect(preview.getByText('Every line fits.')).toBeVisible();
  const template = page.getByLabel('Template of NFO');
  await template.fill('Hello\n');
  await template.press('End');
  await page.getByRole('button', { name: 'Insert title', exact: true }).click();
  await expect(template).toHaveValue(/\{\{ title \}\}/);
  await expect(preview.locator('.nfo').first()).toContainText(`${group} in a template`);
  await expect(text).toHaveValue(/^text = """?/m);
  await template.fill(`${'x'.repeat(90)}\n`);
  await expect(preview.getByText('NFO, line 1, column 81: the line has 90 columns, 80 are allowed.')).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'profile-template');
  await looksOf(page.getByRole('region', { name: 'Templates of the info files' }), 'profile-template-editor');
  await template.fill('{{ titel }}');
  await expect(page.locator('#profile-outcome')).toContainText(/template does not work\. NFO, line 1, column 4: there is no variable “titel”/);

  // Back to the product's own.
  await template.fill('');
  await expect(text).not.toHaveValue(/^text = /m);
  await expect(preview.locator('.nfo').first()).toContainText('e B O O K');
  await page.getByRole('button', { name: 'Discard the draft' }).or(page.getByRole('link', { name: 'Back' })).first().click();
});

test('a template that cannot work is told with its place before the profile is saved, in both languages', async ({ signedIn: page, baseURL }) => {
  await write(page, '/profiles/new?from=plain~broken');
  const [text, outcome] = [page.getByLabel('TOML'), page.locator('#profile-outcome')];
  const template = page.locator('#rule-nfo-text');
  const plain = await text.inputValue();
  // No release is chosen: the template itself must say it.
  await page.locator('#try-release').selectOption('');
  await template.fill('{{ title }}\n{% if publisher %}one{% else %}{{ titel }}{% endif %}\n');
  await expect(outcome).toContainText(/Line \d+, column \d+: the template does not work\. NFO, line 2, column 35: there is no variable “titel”/);
  await expect(outcome).not.toContainText('The text is a profile.');
  await template.fill('{{ title | uper }}');
  await expect(outcome).toContainText('NFO, line 1, column 12: there is no filter “uper”.');
  await expectAccessible(page);

  await page.context().addCookies([{ name: 'esp-locale', value: 'fr', url: baseURL ?? '' }]);
  await page.reload();
  await alive(page.locator('leptos-island[data-component^="Follow"]'));
  await page.locator('#try-release').selectOption('');
  await template.fill('{% if title %}\n{{ title }}\n');
  await expect(outcome).toContainText(/Ligne \d+, colonne \d+\s: le modèle ne fonctionne pas\. NFO, ligne \d, colonne \d+\s: ici le texte finit/);
  await page.getByRole('button', { name: 'Enregistrer comme version suivante' }).click();
  await expect(page.getByRole('alert')).toContainText('le modèle ne fonctionne pas. NFO, ligne');
  await discard(page, 'Jeter le brouillon');
  await expect(text).toHaveValue(plain);
});

test('a profile of the house is deleted, followed by what follows it, and had back', async ({ signedIn: page, api, group }) => {
  const name = group.toLowerCase();
  await page.goto('/profiles/new?from=plain');
  await alive(page.locator('leptos-island[data-component^="Follow"]'));
  const text = page.getByLabel('TOML');
  await text.fill((await text.inputValue()).replace(/name = "my-plain[^"]*"/, `name = "${name}"`));
  await page.getByRole('button', { name: 'Save as the next version' }).click();
  await expect(page.getByText('The profile is saved.')).toBeVisible();
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  await api.retitle(release, `${group} follows`);
  const id = await api.createGroup(group);
  await api.follow(release, id, name);

  await page.goto(`/profiles/${name}`);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Delete the profile ${name}?` });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Delete the profile' }).click();
  await expect(page.getByRole('status')).toContainText('The profile is deleted');
  const deleted = page.getByRole('region', { name: 'Deleted profiles' });
  await expect(deleted.getByRole('link', { name })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(0);
  await expectAccessible(page);
  await page.goto(`/releases/${release}/review`);
  await expect(page.locator('#field-profile')).toHaveValue(name);
  await api.pack(release);
  expect((await api.settled(release)).status).toBe('packed');

  await page.goto('/profiles');
  await deleted.getByRole('button', { name: `Have it back ${name}` }).click();
  await expect(page.getByRole('status')).toContainText('can be chosen again');
  await page.goto('/profiles');
  await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible();
});

/** Opens an address where a profile is written, and waits until the page follows what is typed. */
async function write(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await alive(page.locator('leptos-island[data-component^="Follow"]'));
}

/** Saves a copy of a profile under a name of its own. */
async function save(page: Page, name: string): Promise<void> {
  await write(page, '/profiles/new?from=plain');
  const text = page.getByLabel('TOML');
  await text.fill((await text.inputValue()).replace(/name = "my-plain[^"]*"/, `name = "${name}"`));
  await page.getByRole('button', { name: 'Save as the next version' }).click();
  await expect(page.getByText('The profile is saved.')).toBeVisible();
}

/** Goes back, is asked by the browser whether to leave, and answers. The click ends when the question is answered. */
async function askedOnLeaving(page: Page, answer: 'stay' | 'leave'): Promise<void> {
  const asked = page.waitForEvent('dialog');
  const clicked = page.getByRole('link', { name: 'Back' }).click({ noWaitAfter: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await (answer === 'stay' ? dialog.dismiss() : dialog.accept());
  await clicked;
}

test('two copies of one profile are two drafts, each found again and thrown away alone', async ({ signedIn: page, group }) => {
  const text = page.getByLabel('TOML');
  const begun = async (mark: string) => {
    await page.goto('/profiles');
    await page.getByRole('row').filter({ hasText: /^plain/ }).getByRole('link', { name: 'Copy' }).click();
    await alive(page.locator('leptos-island[data-component^="Follow"]'));
    await expect(text).toHaveValue(/^name = "my-plain[^"]*"$/m);
    await expect(page.getByText('This is your draft.')).toHaveCount(0);
    const kept = page.waitForResponse((answer) => answer.url().endsWith('/profile-check'));
    await text.fill(`${await text.inputValue()}# ${mark}\n`);
    expect((await kept).status()).toBe(200);
    return new URL(page.url());
  };
  const first = await begun(`${group} first`);
  const second = await begun(`${group} second`);
  expect(first.search).not.toBe(second.search);

  await page.goto('/profiles');
  const writing = page.getByRole('region', { name: 'You are writing' });
  await expect(writing).toContainText('Your newest 50 are kept, each for 90 days');
  const link = (address: URL) => writing.locator(`a[href="${address.pathname}${address.search}"]`);
  await expect(link(first)).toHaveText('A copy of plain');
  await expectAccessible(page);
  await link(second).click();
  await expect(page.getByText('This is your draft.')).toBeVisible();
  await expect(text).toHaveValue(new RegExp(`# ${group} second\n$`));
  await page.goto(first.href);
  await expect(text).toHaveValue(new RegExp(`# ${group} first\n$`));
  await discard(page);
  await expect(page.getByText('This is your draft.')).toHaveCount(0);
  await expect(text).not.toHaveValue(new RegExp(group));
  await page.goto(second.href);
  await expect(text).toHaveValue(new RegExp(`# ${group} second\n$`));
  await discard(page);
  await page.goto('/profiles');
  await expect(link(first)).toHaveCount(0);
  await expect(link(second)).toHaveCount(0);
});

test('what is wrong with a profile is said in French to whoever reads French', async ({ signedIn: page, baseURL }) => {
  await page.context().addCookies([{ name: 'esp-locale', value: 'fr', url: baseURL ?? '' }]);
  await write(page, '/profiles/new?from=plain~french');
  const text = page.getByLabel('TOML');
  const outcome = page.locator('#profile-outcome');
  const plain = await text.inputValue();
  await text.fill(plain.replace('columns = 80', 'columns = 8000'));
  await expect(outcome).toContainText(/Ligne \d+, colonne \d+\s: 8000 n’est pas entre \d+ et \d+/);
  await expectAccessible(page);
  await looks(page, 'profile-wrong-french');
  await text.fill(plain.replace('layout = "plain"', 'layout = "heap"'));
  await expect(outcome).toContainText(/Ligne \d+, colonne \d+\s: `heap` est inconnu\s; il y a /);
  // The same after saving, where nothing but the page itself says it.
  await page.getByRole('button', { name: 'Enregistrer comme version suivante' }).click();
  await expect(page.getByRole('alert')).toContainText(/Ligne \d+, colonne \d+\s: `heap` est inconnu/);
  await discard(page, 'Jeter le brouillon');
  await expect(text).toHaveValue(plain);
});

test('whoever leaves a profile before what they typed is kept is asked, and nobody else is', async ({ signedIn: page }) => {
  await write(page, '/profiles/new?from=plain~asked');
  const text = page.getByLabel('TOML');
  const back = page.getByRole('link', { name: 'Back' });
  const address = page.url();
  const outcome = page.locator('#profile-outcome');
  const plain = await text.inputValue();
  await text.fill(`${plain}x`);
  await expect(outcome).toContainText(/Line \d+/);
  // The server does not answer: nothing more is kept.
  const held: Route[] = [];
  await page.route('**/api/app/profile-check', (route) => void held.push(route));
  await text.fill(`${plain}xy`);
  await askedOnLeaving(page, 'stay');
  expect(page.url()).toBe(address);
  await expect(text).toHaveValue(`${plain}xy`);

  // It answers again: what is typed is kept, and the way is free.
  for (const route of held) await route.fulfill({ status: 204 });
  await page.unroute('**/api/app/profile-check');
  await text.fill(`${plain}# kept\n`);
  await expect(outcome).toContainText('The text is a profile.');
  let again = false;
  page.on('dialog', (question) => {
    again = true;
    void question.accept();
  });
  await back.click();
  await expect(page).toHaveURL(/\/profiles$/);
  expect(again).toBe(false);
  await page.goto(address);
  await expect(text).toHaveValue(`${plain}# kept\n`);
  await discard(page);
  await expect(page.getByText('This is your draft.')).toHaveCount(0);
});

test('what is saved is not kept as a draft once more', async ({ signedIn: page, group }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    const door = /profile-(save|check)$/.exec(request.url());
    if (door) asked.push(door[0]);
  });
  // It takes longer than keys must rest before what was typed is checked.
  await page.route('**/api/app/profile-save', async (route) => {
    await pause(800);
    await route.continue();
  });
  await write(page, '/profiles/new?from=plain');
  // The last key and the saving are one: nothing is checked between them.
  await page.getByLabel('TOML').evaluate((text: HTMLTextAreaElement, name) => {
    text.value = text.value.replace(/name = "my-plain[^"]*"/, `name = "${name}"`);
    text.dispatchEvent(new Event('input', { bubbles: true }));
    text.form?.requestSubmit(text.form.querySelector<HTMLButtonElement>('button:not([formaction])'));
  }, group.toLowerCase());
  await expect(page.getByText('The profile is saved.')).toBeVisible();
  expect(asked).toEqual(['profile-save']);
});

test('whoever writes for a profile that is deleted meanwhile is told, and offered to have it back', async ({ signedIn: page, api, group }) => {
  const name = group.toLowerCase();
  await save(page, name);
  await write(page, `/profiles/${name}/edit`);
  const text = page.getByLabel('TOML');
  const outcome = page.locator('#profile-outcome');
  await text.fill(`${await text.inputValue()}# half a thought\n`);
  await expect(outcome).toContainText('The text is a profile.');
  await api.deleteProfile(name);
  await text.fill(`${await text.inputValue()}# and the rest\n`);
  await expect(outcome).toContainText(`${name} is deleted, and nothing that is typed for it is kept.`);
  await expectAccessible(page);
  await askedOnLeaving(page, 'leave');
  await expect(page.getByText('Releases that follow a deleted profile go on with it.')).toBeVisible();

  await page.goto(`/profiles/${name}/edit`);
  await expect(text).toHaveCount(0);
  await expect(page.getByText('Nothing can be written for it.')).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'profile-not-edited');
  await page.getByRole('button', { name: `Have it back ${name}` }).click();
  await expect(page.getByRole('status')).toContainText('can be chosen again');
  await page.getByRole('link', { name: 'Edit the profile' }).click();
  await expect(page.getByText('This is your draft.')).toHaveCount(0);
  await expect(text).not.toHaveValue(/half a thought/);
});

test('what is typed for a profile while nothing answers is said not to be kept, and is kept once the server is back', async ({ signedIn: page, complaints }) => {
  complaints.expect(/status of 502/);
  await write(page, '/profiles/new?from=plain~away');
  const [text, outcome, notice] = [page.getByLabel('TOML'), page.locator('#profile-outcome'), page.locator('#connection')];
  const address = page.url();
  const typed = `${await text.inputValue()}# by night\n`;
  // As nginx answers while nothing stands behind it.
  const away = (url: URL) => ['/api/app/profile-check', '/api/health/live'].includes(url.pathname);
  await page.route(away, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>502</h1>' }));
  await text.fill(typed);
  await expect(outcome).toHaveText(/^Not kept: the server did not take what you typed last\./);
  await expect(notice).toContainText('No connection to the server.');
  await expectAccessible(page);
  // To save now would put a page of the browser's own in the place of what was typed.
  await page.getByRole('button', { name: 'Save as the next version' }).click();
  await expect(page.locator('.profile-bar').getByRole('alert')).toContainText('this may not have been done');
  await askedOnLeaving(page, 'stay');
  expect(page.url()).toBe(address);

  await page.unroute(away);
  await expect(outcome).toContainText('The text is a profile.');
  await expect(outcome).not.toContainText('Not kept');
  await page.reload();
  await expect(text).toHaveValue(typed);
  await discard(page);
  await expect(page.getByText('This is your draft.')).toHaveCount(0);
});

test('a draft that the server refuses is said not to be kept, in both languages', async ({ signedIn: page, baseURL, complaints }) => {
  complaints.expect(/status of 401/);
  await page.context().addCookies([{ name: 'esp-locale', value: 'fr', url: baseURL ?? '' }]);
  await write(page, '/profiles/new?from=plain~refused');
  const [text, outcome] = [page.getByLabel('TOML'), page.locator('#profile-outcome')];
  const plain = await text.inputValue();
  // As the server answers whose session has ended.
  const refused = (route: Route) => route.fulfill({ status: 401, contentType: 'application/json', body: '"SignedOut"' });
  await page.route('**/api/app/profile-check', refused);
  await text.fill(`${plain}# a`);
  await expect(outcome).toHaveText(/^Non gardé\s: le serveur n’a pas pris votre dernière saisie\./);
  await page.unroute('**/api/app/profile-check');
  await text.fill(`${plain}# a b`);
  await expect(outcome).toContainText('Le texte est un profil.');

  await page.context().addCookies([{ name: 'esp-locale', value: 'en', url: baseURL ?? '' }]);
  await write(page, '/profiles/new?from=plain~refused');
  await page.route('**/api/app/profile-check', refused);
  await text.fill(`${plain}# a b c`);
  await expect(outcome).toContainText('Not kept');
  // The server is there: that it refuses is no lost connection, and whoever leaves is asked.
  await expect(page.locator('#connection')).toHaveText('');
  await askedOnLeaving(page, 'stay');
  await page.unroute('**/api/app/profile-check');
  await text.fill(`${plain}# a b c d`);
  await expect(outcome).toContainText('The text is a profile.');
  await page.reload();
  await discard(page);
  await expect(page.getByText('This is your draft.')).toHaveCount(0);
});
