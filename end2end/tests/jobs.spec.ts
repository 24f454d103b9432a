import { expectAccessible } from '../fixtures/accessible';
import { book, largeBook, longBook } from '../fixtures/books';
import { looks } from '../fixtures/looks';
import { expect, test } from '../fixtures/own-house';

/** One job at a time, so that the second one waits. */
test.use({ environment: { WORKERS: '1' } });

/** What a server with a tenth of the processor may take, in milliseconds. */
const SLOW = 60_000;

test('a job is seen to wait, to work and to be stopped, and is begun anew', async ({ signedIn: page, house, api }) => {
  // Two books that take long, one after the other.
  test.setTimeout(300_000);
  const release = await api.upload(largeBook());
  expect((await api.settled(release, 60_000)).status).toBe('draft');
  await api.ready(release, await api.createGroup('JOBS'));
  const rows = page.locator('#jobs tbody tr');
  const waiting = rows.filter({ hasText: 'The.Long.Book' }).filter({ hasText: 'Waiting' });
  const working = rows.filter({ hasText: 'Reading and checking' });
  const job = page.locator('#job');
  const bar = job.getByRole('progressbar');
  const log = page.getByRole('log').getByRole('listitem');
  await house.slowed(async () => {
    const before = await api.upload(longBook());
    const reading = await api.atWork(before, 'inspect');
    await api.pack(release);

    await page.goto('/jobs');
    await expect(waiting).toContainText('Next in line');
    await expect(working.getByRole('progressbar')).toBeVisible();
    // Reading counts the parts of a book: they are no bytes.
    await expect(working).toContainText(/\d %/);
    await expect(working).not.toContainText(/kB|MB/);
    await house.whileItStands(async () => {
      await expectAccessible(page);
      await looks(page, 'jobs-at-work');
    });

    await waiting.getByRole('link').click();
    await expect(job).toContainText('Next in line');
    await expect(page.getByRole('log')).toHaveCount(0);
    await page.waitForLoadState();
    await house.whileItStands(async () => {
      await expectAccessible(page);
      await looks(page, 'job-waiting');
    });

    await api.cancel(reading.id);
    // The page goes along: nobody loads it again.
    await expect(job.getByText('Packing', { exact: true })).toBeVisible({ timeout: SLOW });
    await expect(log.nth(0)).toHaveText(/^\d\d:\d\d:\d\d UTC\s*Begun, attempt 1/, { timeout: SLOW });
    await expect(log.nth(1)).toHaveText(/Packing large\.epub, \d+\sMB, by the profile scene-ebook\. Findings: \d/, { timeout: SLOW });
    await expect(job).toContainText(/\d % · .+ of \d+\sMB/, { timeout: SLOW });
    // Each stage begins anew: what is seen is that it goes on.
    const first = await bar.getAttribute('value');
    await expect(bar).not.toHaveAttribute('value', first ?? '', { timeout: SLOW });
    await house.whileItStands(async () => {
      await expectAccessible(page);
      await looks(page, 'job-at-work');
    });
    // Whoever came to a button by the keys is still there when all around it is drawn anew.
    const cancel = page.getByRole('button', { name: 'Cancel' });
    await cancel.focus();
    await cancel.evaluate((button) => Object.assign(button, { isTheSame: true }));
    await expect.poll(() => cancel.evaluate((button) => 'isTheSame' in button), { timeout: SLOW }).toBe(false);
    await expect(cancel).toBeFocused();
    // What is held down is not drawn anew before it is let go: a press counts, however slow.
    await cancel.hover();
    await page.mouse.down();
    for (const _ of ['once', 'again']) await page.waitForResponse((answer) => answer.url() === page.url());
    await page.mouse.up();
    await expect(job).toContainText('It was stopped before its end. Nothing half done was left behind.', { timeout: SLOW });
  });
  await expect(log.first()).toContainText('Begun, attempt 1');
  await expect(log.last()).toContainText('Cancelled');
  await expect(bar).toHaveCount(0);
  expect(await house.leftBehind()).toEqual([]);
  expect((await api.lookup(release)).status).toBe('draft');
  await expectAccessible(page);
  await looks(page, 'job-stopped');

  await page.getByRole('button', { name: 'Begin anew' }).click();
  await expect(job).toContainText('The package is whole and stored.', { timeout: 90_000 });
  await expect(log.filter({ hasText: /Stored .+\.zip, .+, CRC-32 [0-9a-fA-F]{8}/ })).not.toHaveCount(0);
  await expect(log.filter({ hasText: /Every stored file has its checksum\. SHA-256 of the manifest: [0-9a-f]{64}/ })).toHaveCount(1);
  expect((await api.lookup(release)).status).toBe('packed');
});

test('a job that failed says why and what to do, and the list is narrowed to its like', async ({ signedIn: page, house, api }) => {
  // The first page would show covers, which are lost as well.
  await page.goto('/jobs');
  const release = await api.upload(book('lighthouse'));
  expect((await api.settled(release)).status).toBe('draft');
  await api.ready(release, await api.createGroup('JOBS'));
  await api.settled(await api.upload(book('truncated')));
  await house.loseBytes();
  await api.pack(release);
  expect((await api.settled(release)).status).toBe('failed');

  const rows = page.locator('#jobs tbody tr');
  await expect(rows).toHaveCount(3);
  const narrow = async (label: string, option: string) => {
    await page.getByLabel(label, { exact: true }).selectOption({ label: option });
    await page.getByRole('button', { name: 'Show', exact: true }).click();
  };
  await narrow('Kind', 'Read and check');
  await expect(page).toHaveURL(/kind=inspect/);
  await expect(rows).toHaveCount(2);
  await narrow('Kind', 'Any kind');
  await narrow('State', 'Running');
  await expect(page.getByRole('heading', { name: 'No job here' })).toBeVisible();
  await narrow('State', 'Failed');
  await expect(page).toHaveURL(/state=failed/);
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Failed');
  await expectAccessible(page);
  await looks(page, 'jobs-failed');

  await rows.getByRole('link').click();
  const job = page.locator('#job');
  await expect(job).toContainText('Bytes that were stored are missing. Restore them from a backup');
  await expect(page.getByRole('log')).toContainText('Stored bytes are missing');
  await expectAccessible(page);
  await looks(page, 'job-failed');
  await house.findBytes();
  await page.getByRole('button', { name: 'Begin anew' }).click();
  await expect(job).toContainText('The package is whole and stored.', { timeout: 30_000 });
  await expectAccessible(page);
  await looks(page, 'job-done');
});

test('a package that is damaged on the disk says which files and what to do, until it is whole again', async ({ signedIn: page, house, api }) => {
  await page.goto('/jobs');
  const packed = await api.packed(book('lighthouse'), await api.createGroup('JOBS'));
  const files = await api.packageFiles(packed);
  const ending = (end: string) => {
    const file = files.find((one) => one.path.endsWith(end));
    if (!file) throw new Error(`the package has no ${end}`);
    return file;
  };
  const [nfo, zip] = [ending('.nfo'), ending('.zip')];
  await house.damage(nfo.sha256);
  const putBack = await house.lose(zip.sha256);

  await page.goto(`/releases/${packed.id}`);
  await page.getByRole('button', { name: 'Verify' }).click();
  const job = page.locator('#job');
  const alert = job.locator('.alert--wrong');
  await expect(alert).toHaveText(`2 of ${files.length} files are not as they were made: the package is damaged.`, { timeout: 30_000 });
  await expect(job.locator('.mark--wrong').first()).toHaveText('Damage found');
  await expect(job).toContainText('Restore the stored files from a backup, then verify again. Without a backup, make a correction');
  const rows = job.getByRole('region', { name: 'What is damaged' }).locator('tbody tr');
  await expect(rows).toHaveCount(2);
  const changed = rows.filter({ hasText: nfo.path });
  await expect(changed).toContainText('Other content');
  await expect(changed).toContainText(`SHA256: ${nfo.sha256}`);
  const missing = rows.filter({ hasText: zip.path });
  await expect(missing).toContainText('Missing');
  await expect(missing).toContainText(zip.sha256);
  await expect(missing).toContainText('It is not there.');
  await expect(job).toContainText(`${zip.path} is missing or cannot be opened.`);
  await expect(page.getByRole('log')).toContainText(`${nfo.path} has other content`);
  await expectAccessible(page);
  await looks(page, 'job-damage');

  const address = page.url();
  await page.goto('/jobs');
  await expect(page.locator('#jobs tbody tr').first()).toContainText('Damage found');
  await page.goto('/');
  const need = page.locator('.need').filter({ hasText: 'Damage found' });
  await expect(need).toContainText(`2 of ${files.length} files are not as they were made`);
  await need.getByRole('link').click();
  await expect(page).toHaveURL(address);
  await job.getByRole('link', { name: 'To the release' }).click();
  const history = page.getByRole('region', { name: 'Jobs' });
  await expect(history.locator('.mark--wrong')).toHaveText('Damage found');
  await history.getByRole('link', { name: 'Which files' }).click();
  await expect(page).toHaveURL(address);

  await house.damage(nfo.sha256);
  await putBack();
  await page.getByRole('button', { name: 'Verify again' }).click();
  await expect(job.locator('.alert--good')).toContainText(`All ${files.length} files were read`, { timeout: 30_000 });
  await expect(job).toContainText('The book in the volumes: Put together again, it is the book of the manifest.');
  await expectAccessible(page);
  await page.goto('/');
  await expect(page.getByText('Nothing waits for you.')).toBeVisible();
});

test('jobs are stopped and begun anew from the list, one by one and all at once', async ({ signedIn: page, house, api }) => {
  test.setTimeout(180_000);
  await page.goto('/jobs');
  const group = await api.createGroup('JOBS');
  const titles = ['First', 'Second', 'Third'];
  const releases: string[] = [];
  for (const title of titles) {
    const release = await api.upload(book('lighthouse'));
    expect((await api.settled(release)).status).toBe('draft');
    await api.retitle(release, title);
    await api.ready(release, group);
    releases.push(release);
  }
  const row = (title: string) => page.locator('#jobs tbody tr').filter({ hasText: title });
  const again = page.getByRole('button', { name: 'Begin all 3 failed anew' });
  await house.loseBytes();
  for (const release of releases) {
    await api.pack(release);
    expect((await api.settled(release)).status).toBe('failed');
  }
  await house.findBytes();
  await page.goto('/jobs?state=done');
  await expect(page.locator('#jobs tbody tr')).toHaveCount(3);
  await expect(again).toHaveCount(0);
  await page.goto('/jobs?state=failed&kind=pack');
  await expect(again).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'jobs-many');

  // One book takes long, and the others wait behind it.
  await house.slowed(async () => {
    await api.atWork(await api.upload(longBook()), 'inspect');
    await again.click();
    await expect(page.getByRole('status').filter({ hasText: '3 jobs are begun anew.' })).toBeVisible({ timeout: SLOW });
    await expect(page).toHaveURL(/state=failed&kind=pack/);
    await page.goto('/jobs?state=queued');
    await row('First').getByRole('button', { name: /^Cancel: Pack, .*First/ }).click();
    await expect(row('First')).toHaveCount(0, { timeout: SLOW });
    await page.goto('/jobs');
    await page.getByRole('button', { name: 'Cancel all …' }).click();
    const asked = page.getByRole('dialog', { name: /^Cancel [23] jobs\?$/ });
    await expect(asked).toBeVisible();
    await house.whileItStands(async () => {
      await expectAccessible(page);
      await looks(page, 'jobs-cancel-all');
    });
    await asked.getByRole('button', { name: 'Let them go on' }).click();
    await expect(asked).toBeHidden();
    await page.getByRole('button', { name: 'Cancel all …' }).click();
    await asked.getByRole('button', { name: 'Cancel them' }).click();
    await expect(page.getByRole('status').filter({ hasText: /[23] jobs are asked to stop\./ })).toBeVisible({ timeout: SLOW });
  });
  for (const title of titles) await expect(row(title).filter({ hasText: 'Cancelled' })).toHaveCount(1, { timeout: SLOW });
  await row('Second').getByRole('button', { name: /^Begin anew: Pack, .*Second/ }).click();
  await expect(row('Second').filter({ hasText: 'Done' }).filter({ hasText: 'Pack' })).toHaveCount(1, { timeout: 30_000 });
});
