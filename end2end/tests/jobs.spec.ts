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
    await expect(log).toHaveText([/Begun, attempt 1/], { timeout: SLOW });
    await expect(job).toContainText(/\d % · .+ of \d+\sMB/, { timeout: SLOW });
    // Each stage begins anew: what is seen is that it goes on.
    const first = await bar.getAttribute('value');
    await expect(bar).not.toHaveAttribute('value', first ?? '', { timeout: SLOW });
    await house.whileItStands(async () => {
      await expectAccessible(page);
      await looks(page, 'job-at-work');
    });
    // What is held down is not drawn anew before it is let go: a press counts, however slow.
    await page.getByRole('button', { name: 'Cancel' }).hover();
    await page.mouse.down();
    for (const _ of ['once', 'again']) await page.waitForResponse((answer) => answer.url() === page.url());
    await page.mouse.up();
    await expect(job).toContainText('It was stopped before its end. Nothing half done was left behind.', { timeout: SLOW });
  });
  await expect(log).toHaveText([/Begun, attempt 1/, /Cancelled/]);
  await expect(bar).toHaveCount(0);
  expect(await house.leftBehind()).toEqual([]);
  expect((await api.lookup(release)).status).toBe('draft');
  await expectAccessible(page);
  await looks(page, 'job-stopped');

  await page.getByRole('button', { name: 'Begin anew' }).click();
  await expect(job).toContainText('The package is whole and stored.', { timeout: 90_000 });
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
