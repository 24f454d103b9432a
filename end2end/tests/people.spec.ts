import { createHmac } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { ADMINISTRATOR, expect, test } from '../fixtures/test';
import { alive } from '../fixtures/alive';
import { expectAccessible } from '../fixtures/accessible';
import { book } from '../fixtures/books';
import { looks } from '../fixtures/looks';
import { ReviewPage } from '../pages/review-page';
import { SignInPage } from '../pages/sign-in-page';

const PASSWORD = 'leaves-and-folios-23';

let people = 0;

/** A name that no other test of this server uses. */
function somebody(index: number): string {
  people += 1;
  return `person-${index}-${people}`;
}

/** Makes a person on the page of users. */
async function make(page: Page, username: string, role: string, groups: string[] = []): Promise<void> {
  await page.goto('/users');
  const form = page.locator('form[action="/api/app/create-user"]');
  await form.getByLabel('Name', { exact: true }).fill(username);
  await form.getByLabel('Username').fill(username);
  await form.getByLabel('First password').fill(PASSWORD);
  await form.getByLabel('Role').selectOption({ label: role });
  for (const group of groups) await form.getByLabel(group, { exact: true }).check();
  await form.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByRole('status')).toContainText('can sign in now');
}

/** Signs somebody in, in a browser of their own. */
async function comeIn(page: Page, username: string, password = PASSWORD): Promise<Page> {
  const door = new SignInPage(page);
  await door.open();
  await door.signIn(username, password);
  await expect(door.heading).toBeHidden();
  return page;
}

/** What an authenticator app shows now for a seed (RFC 6238). */
function code(seed: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...seed.replace(/\s/g, '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', bytes).update(step).digest();
  const number = digest.readUInt32BE((digest[19] ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

test('somebody who is invited chooses the password alone, once', async ({ signedIn: page, stranger }, info) => {
  const name = somebody(info.workerIndex);
  await page.goto('/users');
  const form = page.locator('form[action="/api/app/create-user"]');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Username').fill(name);
  await form.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const link = (await page.getByRole('region', { name: 'Link for a new password' }).locator('code').textContent()) ?? '';
  await expectAccessible(page);
  const invited = await stranger();
  await invited.goto(link);
  await invited.getByLabel('New password').fill(PASSWORD);
  await invited.getByRole('button').filter({ hasText: /password/i }).click();
  await comeIn(invited, name);
  await invited.goto(link);
  await expect(invited.getByLabel('New password')).toHaveCount(0);
  // Nobody who did not see it then can read it later.
  await page.reload();
  await expect(page.getByRole('region', { name: 'Link for a new password' })).toHaveCount(0);
});

test('a contributor sends a book in, and an editor takes it over', async ({ signedIn: page, api, group, stranger }, info) => {
  await api.createGroup(group);
  const name = somebody(info.workerIndex);
  await make(page, name, 'Contributor');
  const sender = await comeIn(await stranger(), name);
  await expect(sender).toHaveURL(/\/inbox$/);
  await expect(sender.getByRole('link', { name: 'Releases' })).toHaveCount(0);
  await expectAccessible(sender);
  await alive(sender.locator('leptos-island[data-component^="Review"]'));
  await sender.locator('#files').setInputFiles(book('lighthouse'));
  // It appears in place: the page stays the one where books are dropped.
  await expect(sender.locator('.inbox__entry')).toContainText('Waiting');
  await expect(sender).toHaveURL(/\/inbox$/);

  await page.goto('/inbox');
  await alive(page.locator('leptos-island[data-component^="Live"]'));
  const entries = page.locator('.inbox__entry').filter({ hasText: name });
  const entry = entries.filter({ hasText: 'lighthouse' });
  await expect(entry).toBeVisible();
  // What it is, and how well it is made, is seen where it is decided.
  await expect(entry).toContainText(/ePUB · [\d.]+\skB · lighthouse\.epub/);
  await expect(entry).toContainText(`Sent in by ${name}`);
  await expect(entry.getByRole('list', { name: 'Findings' }).or(entry.getByText('Nothing was found.'))).toBeVisible();
  await expect.poll(() => entry.locator('.cover img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expectAccessible(page);
  // Whoever could take it over looks at it first, and finds nothing there that is not theirs yet.
  const editor = somebody(info.workerIndex);
  await make(page, editor, 'Editor');
  const desk = await comeIn(await stranger(), editor);
  await desk.goto('/inbox');
  await desk.locator('.inbox__entry').filter({ hasText: name }).getByRole('link', { name: 'The Lighthouse Keeper’s Almanac' }).click();
  await expect(desk.getByRole('heading', { level: 1 })).toHaveText('The Lighthouse Keeper’s Almanac');
  await expect(desk.getByText('This book waits in the inbox')).toBeVisible();
  await expect(desk.getByRole('link', { name: 'Review and pack' })).toHaveCount(0);
  await expect(desk.getByRole('button', { name: 'Delete' })).toHaveCount(0);
  await expectAccessible(desk);
  await desk.getByRole('link', { name: 'Decide there' }).click();
  await expect(desk).toHaveURL(/\/inbox$/);
  await looks(desk, 'inbox');
  await page.goto('/inbox');
  await alive(page.locator('leptos-island[data-component^="Live"]'));
  // What is typed and not sent outlives what arrives meanwhile.
  await entry.locator('summary').click();
  await entry.getByRole('textbox').fill('Half a thought');
  await sender.locator('#files').setInputFiles(book('truncated'));
  await expect(entries).toHaveCount(2);
  await expect(entry.getByRole('textbox')).toBeVisible();
  await expect(entry.getByRole('textbox')).toHaveValue('Half a thought');
  await entry.getByLabel('Group').selectOption({ label: group });
  await entry.getByRole('button', { name: /^Take over/ }).click();
  await expect(page).toHaveURL(/\/releases\/\w+\/review$/);
  await sender.goto('/inbox');
  await expect(sender.locator('.inbox__entry').filter({ hasText: 'lighthouse' })).toContainText('Taken over');

  await page.goto('/inbox');
  const broken = entries.filter({ hasText: 'truncated' });
  await broken.locator('summary').click();
  await broken.getByLabel('What the sender reads').fill('The file is cut off. Please send it again.');
  await looks(page, 'inbox-declining');
  await broken.getByRole('button', { name: 'Decline and delete' }).click();
  await expect(page.getByRole('status')).toContainText('The book is declined and deleted.');
  await expect(entries).toHaveCount(0);
  await page.getByLabel('State', { exact: true }).selectOption({ label: 'Declined' });
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(broken).toContainText('The file is cut off.');
  await sender.goto('/inbox');
  const answered = sender.locator('.inbox__entry').filter({ hasText: 'truncated' });
  await expect(answered).toContainText('Declined');
  await expect(answered).toContainText('The file is cut off. Please send it again.');
  await expectAccessible(sender);
  await looks(sender, 'inbox-answered');
});

test('a viewer of another group sees nothing until somebody puts them into the group', async ({ signedIn: page, api, group, stranger }, info) => {
  await api.packed(book('lighthouse'), await api.createGroup(group));
  const name = somebody(info.workerIndex);
  await make(page, name, 'Viewer');
  const viewer = await comeIn(await stranger(), name);
  await viewer.goto('/groups');
  await expect(viewer.getByRole('heading', { name: 'You are in no group' })).toBeVisible();
  const csv = async () => (await viewer.request.get('/api/v1/releases.csv')).text();
  await viewer.goto('/releases');
  await expect(viewer.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(viewer.locator('.release-row')).toHaveCount(0);
  await viewer.goto('/');
  await expect(viewer.getByRole('img', { name: 'Packages per week' })).toHaveCount(0);
  expect(await csv()).not.toContain(group);
  await page.goto('/groups');
  await expectAccessible(page);
  const panel = page.locator('section.panel').filter({ has: page.getByRole('heading', { name: group }) });
  await panel.getByLabel(name).check();
  await panel.getByRole('button', { name: /^Save members/ }).click();
  await expect(page.getByRole('status')).toContainText('The group is changed');
  await viewer.goto('/groups');
  await expect(viewer.getByRole('heading', { name: group })).toBeVisible();
  await viewer.goto('/releases');
  await expect(viewer.locator('.release-row')).toHaveCount(1);
  await expect(viewer.locator('.release-row')).toContainText(`-${group}`);
  await viewer.goto('/');
  await expect(viewer.getByRole('img', { name: 'Packages per week' })).toBeVisible();
  expect(await csv()).toContain(`-${group}`);
});

test('a role of the house is made in the matrix and given to somebody', async ({ signedIn: page, stranger }, info) => {
  const role = `Proof ${info.project.name.slice(0, 3)} ${info.workerIndex}`;
  await page.goto('/roles');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'New role' }).click();
  await page.getByLabel('Name', { exact: true }).fill(role);
  await page.getByLabel('Releases: see').check();
  await page.getByRole('button', { name: 'Create role' }).click();
  await expect(page.getByRole('status')).toContainText('The role is made');
  // One that nobody has goes, once one has been told so.
  await page.getByRole('link', { name: 'New role' }).click();
  await page.getByLabel('Name', { exact: true }).fill(`Spare ${role}`.slice(0, 20));
  await page.getByRole('button', { name: 'Create role' }).click();
  await page.getByRole('link', { name: 'Spare' }).click();
  await page.getByRole('button', { name: 'Delete role' }).click();
  const ask = page.getByRole('dialog', { name: /^Delete the role Spare/ });
  await expectAccessible(page);
  await ask.getByRole('button', { name: 'Delete role' }).click();
  await expect(page.getByRole('status')).toContainText('The role is deleted');
  await expect(page.getByRole('link', { name: 'Spare' })).toHaveCount(0);
  const name = somebody(info.workerIndex);
  await make(page, name, role);
  await page.getByRole('link', { name, exact: true }).click();
  await expectAccessible(page);
  await expect(page.getByLabel(role)).toBeChecked();
  await looks(page, 'user');
  await page.goto('/audit');
  await expectAccessible(page);
  await expect(page.locator('.audit__entry').filter({ hasText: name }).first()).toContainText('created');
  // Who may see releases and nothing else has pages without what they may not see.
  const person = await comeIn(await stranger(), name);
  await expect(person).toHaveURL(/:\d+\/$/);
  await expect(person.locator('a[href^="/new"], a[href="/jobs"]')).toHaveCount(0);
  await expectAccessible(person);
});

test('the audit log is narrowed to what one looks for, and taken along', async ({ signedIn: page, api, group }) => {
  await api.createGroup(group);
  await page.goto('/audit');
  const entries = page.locator('.audit__entry');
  await page.getByLabel('What was done').selectOption({ label: 'created' });
  await page.getByLabel('To what').selectOption({ label: 'Groups' });
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(/action=created&resource=groups/);
  await expect(entries.first()).toContainText(group);
  const count = await entries.count();
  await expect(entries.filter({ hasText: 'created' })).toHaveCount(count);
  await looks(page, 'audit-narrowed');
  const saved = async (form: 'CSV' | 'JSON') => {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: form }).click();
    return readFile(await (await download).path(), 'utf8');
  };
  const table = (await saved('CSV')).trim().split('\r\n');
  expect(table.length).toBeGreaterThan(count);
  expect(table.filter((line) => line.includes(group))).toHaveLength(1);
  const lines = (await saved('JSON')).trim().split('\n').map((line) => JSON.parse(line) as { action: string; resource: string });
  expect(lines).toHaveLength(table.length - 1);
  expect(new Set(lines.map(({ action, resource }) => `${action} ${resource}`))).toEqual(new Set(['created groups']));
  await page.getByLabel('From', { exact: true }).fill('2030-01-01');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'No entry' })).toBeVisible();
  await page.getByRole('link', { name: 'Show all' }).click();
  await expect(page).toHaveURL(/\/audit$/);
});

test('the audit log says what changed in words, and a group by its tag', async ({ signedIn: page, api, group }) => {
  const id = await api.createGroup(group);
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  await api.ready(release, id);
  await page.goto(`/audit?subject=${release}&action=changed`);
  const entry = page.locator('.audit__entry').first();
  await expect(entry.locator('div', { hasText: /^Group/ })).toHaveText(`Group– → ${group}`);
  await expect(entry.locator('div', { hasText: /^Rights/ })).toContainText('CC-BY-4.0');
  await expect(entry).not.toContainText(id);
});

test('a lost password is chosen anew by a link', async ({ signedIn: page, stranger }, info) => {
  const name = somebody(info.workerIndex);
  await make(page, name, 'Editor');
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByText('Make a link for a new password').click();
  const form = page.locator('form[action="/api/app/make-reset-link"]');
  await form.getByLabel('Your own password').fill('not the password');
  await form.getByRole('button', { name: 'Make the link' }).click();
  await expect(form.getByLabel('Your own password')).toHaveAccessibleDescription(/not the password that is in use/);
  await expect(page.locator('.secret')).toHaveCount(0);
  await expectAccessible(page);
  await form.getByLabel('Your own password').fill(ADMINISTRATOR.password);
  await form.getByRole('button', { name: 'Make the link' }).click();
  const link = (await page.locator('.secret code').textContent()) ?? '';
  expect(link).toContain('/reset?token=');
  await page.reload();
  await expect(page.locator('.secret')).toHaveCount(0);
  const french = await stranger({ locale: 'fr-FR' });
  await french.goto(link);
  await expect(french.locator('html')).toHaveAttribute('lang', 'fr');
  await expectAccessible(french, ['light']);
  const theirs = await stranger();
  await theirs.goto(link);
  await expectAccessible(theirs);
  await looks(theirs, 'reset');
  await theirs.getByLabel('New password').fill('quite-another-password-9');
  await theirs.getByRole('button', { name: 'Change password' }).click();
  await expect(theirs.getByRole('status')).toContainText('Sign in with the new one');
  const person = await comeIn(await stranger(), name, 'quite-another-password-9');
  await expect(person).toHaveURL(/:\d+\/$/);
});

test('one-time codes are switched on, asked for, and a recovery code helps', async ({ signedIn: page, stranger }, info) => {
  const name = somebody(info.workerIndex);
  await make(page, name, 'Editor');
  const person = await comeIn(await stranger(), name);
  await person.goto('/account');
  await expectAccessible(person);
  await person.locator('#codes').getByLabel('Present password').fill(PASSWORD);
  await person.getByRole('button', { name: 'Set up' }).click();
  await expect(person.getByRole('img', { name: /QR code/ })).toBeVisible();
  await looks(person, 'account-codes');
  const seed = (await person.locator('#codes .secret code').textContent()) ?? '';
  await person.getByLabel('The code that the app shows now').fill(code(seed));
  await person.getByRole('button', { name: 'Switch on' }).click();
  await expect(person.locator('.recovery-codes li')).toHaveCount(10);
  const recovery = (await person.locator('.recovery-codes code').first().textContent()) ?? '';

  const again = await stranger();
  const door = new SignInPage(again);
  await again.goto('/jobs');
  await door.signIn(name, PASSWORD);
  await expect(again.getByRole('heading', { name: 'One-time code' })).toBeVisible();
  await expectAccessible(again);
  await looks(again, 'sign-in-code');
  await again.getByLabel('Code', { exact: true }).fill('000000');
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(again.getByRole('alert')).toBeVisible();
  await again.getByLabel('Code', { exact: true }).fill(recovery);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(again).not.toHaveURL(/sign-in/);
});

test('a token is shown once and a session is ended from another one', async ({ signedIn: page, stranger, request }, info) => {
  const name = somebody(info.workerIndex);
  await make(page, name, 'Editor');
  const here = await comeIn(await stranger(), name);
  const there = await comeIn(await stranger(), name);
  await here.goto('/account');
  const form = here.locator('form[action="/api/app/create-token"]');
  await form.getByLabel('Name').fill('script');
  await form.getByLabel('Present password').fill(PASSWORD);
  await form.getByRole('button', { name: 'Create token' }).click();
  const token = (await here.locator('.secret code').textContent()) ?? '';
  expect(token).toMatch(/^esp_[0-9a-f]{64}$/);
  const answer = await request.get('/api/v1/groups', { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status()).toBe(200);
  await here.getByRole('button', { name: 'End script' }).click();
  const ask = here.getByRole('dialog', { name: 'End the token script?' });
  await ask.getByRole('button', { name: 'Keep it' }).click();
  await expect(ask).toBeHidden();
  await here.getByRole('button', { name: 'End script' }).click();
  await ask.getByRole('button', { name: 'End the token' }).click();
  await expect(here.getByRole('button', { name: 'End script' })).toHaveCount(0);
  expect((await request.get('/api/v1/groups', { headers: { authorization: `Bearer ${token}` } })).status()).toBe(401);
  const others = here.locator('.thing').filter({ has: here.locator('form[action="/api/app/end-session"]') });
  await others.first().getByRole('button').click();
  await expect(here.getByRole('status')).toContainText('The session has ended');
  await there.goto('/releases');
  await expect(there).toHaveURL(/\/sign-in/);
  const everywhere = here.getByRole('button', { name: 'End all others' });
  await expect(everywhere).toHaveCount(0);
  await comeIn(there, name);
  await here.reload();
  await everywhere.click();
  await expect(here.getByRole('status')).toContainText('All other sessions have ended');
  await there.goto('/releases');
  await expect(there).toHaveURL(/\/sign-in/);
});

test('the administrator who is the only one cannot be taken away', async ({ signedIn: page }) => {
  await page.goto('/users');
  await page.getByRole('row').filter({ hasText: ADMINISTRATOR.username }).getByRole('link').click();
  await expect(page.getByRole('button', { name: 'Deactivate' })).toHaveCount(0);
  await page.getByLabel('Administrator').uncheck();
  await page.getByRole('button', { name: 'Save rights' }).click();
  await expect(page.getByRole('alert')).toContainText('last administrator');
});

test('a group with a limit says what it keeps, refuses what is beyond it, and goes on when there is room', async ({ signedIn: page, api, group }) => {
  const id = await api.createGroup(group);
  await page.goto('/groups');
  const panel = page.locator('section.panel').filter({ has: page.getByRole('heading', { name: group }) });
  await expect(panel).toContainText('0 B kept, without a limit');
  await panel.locator('summary').click();
  const field = panel.getByLabel('Most megabytes');
  const save = panel.getByRole('button', { name: /^Save limit/ });
  await field.fill('a lot');
  await save.click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(field).toHaveAccessibleDescription(/Megabytes between 0\.000001 and/);
  await expectAccessible(page);
  await field.fill('1');
  await save.click();
  await expect(page.getByRole('status')).toContainText('The limit is changed');
  await expect(panel).toContainText('0 B of 1 MB kept');
  await expectAccessible(page);

  // Room for the book, and not for its package, too.
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  await api.ready(release, id);
  const size = (await stat(book('lighthouse'))).size;
  await api.limit(id, size + 1);
  await page.goto('/new');
  await expect(page.locator('.room').filter({ hasText: group })).toContainText('kept');
  await expectAccessible(page);
  const review = new ReviewPage(page);
  await review.of(release);
  await review.pack.click();
  await expect(page.getByText(`${group} keeps`)).toContainText('Nothing was stored. Delete what the group no longer needs');
  await expectAccessible(page);
  // And not for another book: it waits in the browser, and goes when there is room.
  const beyond = { 'Tus-Resumable': '1.0.0', 'Upload-Length': '2', 'Upload-Metadata': `filename YQ==,group ${Buffer.from(id).toString('base64')}` };
  expect(await api.refusal('POST', '/api/v1/uploads', beyond)).toEqual([507, 'group-full']);

  await page.goto('/groups');
  await panel.locator('summary').click();
  await field.fill('');
  await save.click();
  await expect(panel).toContainText('without a limit');
  await review.of(release);
  await review.pack.click();
  await expect(review.download).toBeVisible({ timeout: 30_000 });
});

test('two who edit one release see each other, and what the other has changed', async ({ signedIn: page, api, group, stranger }, info) => {
  const id = await api.createGroup(group);
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  await api.ready(release, id);
  const name = somebody(info.workerIndex);
  await make(page, name, 'Editor', [group]);
  const review = new ReviewPage(page);
  await review.of(release);
  await expect(page.locator('#review-others')).not.toContainText('too.');
  const other = await comeIn(await stranger(), name);
  const theirs = new ReviewPage(other);
  await theirs.of(release);
  await expect(other.locator('#review-others')).toContainText('is at this release, too.');
  await expect(page.locator('#review-others')).toContainText(`${name} is at this release, too.`);
  await theirs.fill('Publisher', `${group} Press`);
  await expect(page.locator('#review-others')).toContainText(`${name} was the last to change it: Publisher.`);
  await expect(review.field('Publisher')).toHaveValue(`${group} Press`);
  // What lies half under the bar with the button is no fault.
  await page.locator('#review-name').evaluate((name) => name.scrollIntoView({ block: 'center' }));
  await expectAccessible(page);
});
