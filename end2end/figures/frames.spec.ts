import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { expect, test } from '../fixtures/test';
import { dispatched, frames, traced } from '../fixtures/tracing';
import { ReviewPage } from '../pages/review-page';

/** As many as somebody who never leaves the page could have before them. */
const ROWS = 10_000;
/** What the display shows in a second, and how many of them may be missed: fewer than anybody sees. */
const FRAMES_A_SECOND = 60;
const MOST_DROPPED = 0.02;
/** How far the list is scrolled, in turns of the wheel. */
const TURNS = 80;
const TURN_PIXELS = 500;
/** What a key may take before the browser can draw: one frame. */
const FRAME_MS = 16;

test('a list of ten thousand rows scrolls without a stutter', async ({ signedIn: page, api }, info) => {
  test.setTimeout(180_000);
  for (let count = 0; count < 20; count += 1) await api.settled(await api.upload(book('lighthouse')));
  // Nothing is told to it, for a fresher list would take the rows away.
  await page.route('**/api/v1/events*', () => {});
  await page.goto('/releases');
  await alive(page.locator('leptos-island[data-component^="Catalogue"]'));
  // The list comes in pages; here the rows of the first stand again and again, as many as all pages together have.
  await page.evaluate((wanted) => {
    const list = document.querySelector('.releases');
    if (!list) throw new Error('there is no list');
    const rows = Array.from(list.children);
    const all = document.createDocumentFragment();
    for (let count = rows.length; count < wanted; count += 1) all.append(rows[count % rows.length]!.cloneNode(true));
    list.append(all);
  }, ROWS);
  await expect(page.locator('.release-row')).toHaveCount(ROWS);
  // Whoever scrolls has seen the list: the first drawing of so many rows at once is no part of scrolling.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeGreaterThan(ROWS * 20);
  const begun = Date.now();
  const events = await traced(page, async (session) => {
    // One turn of a wheel moves by a screen at most, so many turns follow each other.
    const turn = { x: 700, y: 500, yDistance: -TURN_PIXELS, speed: 8_000, repeatCount: TURNS, repeatDelayMs: 0 };
    await session.send('Input.synthesizeScrollGesture', { ...turn, gestureSourceType: 'mouse' });
  });
  const seconds = (Date.now() - begun) / 1000;
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(30_000);
  const { drawn, dropped } = frames(events);
  const figures = `${drawn} frames drawn and ${dropped} dropped in ${seconds.toFixed(1)} s`;
  info.annotations.push({ type: 'figures', description: figures });
  console.log(`scrolling ${ROWS} rows: ${figures}`);
  expect(drawn, 'frames were drawn at all').toBeGreaterThan(FRAMES_A_SECOND);
  expect(dropped / (drawn + dropped)).toBeLessThanOrEqual(MOST_DROPPED);
});

test('typing in the review keeps up with the keys', async ({ signedIn: page, api }, info) => {
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  const review = new ReviewPage(page);
  await review.of(release);
  await review.field('Title').click();
  await page.keyboard.press('ControlOrMeta+a');
  const text = 'A title that somebody types at a good pace, and goes on';
  const events = await traced(page, async () => {
    await page.keyboard.type(text, { delay: 60 });
    await expect(page.locator('#review-name')).toContainText('A.title.that', { ignoreCase: true });
  });
  const keys = dispatched(events, ['keydown', 'keypress', 'beforeinput', 'input', 'keyup']);
  const figures = `${keys.length} events, the longest ${Math.max(...keys).toFixed(1)} ms`;
  info.annotations.push({ type: 'figures', description: figures });
  console.log(`typing: ${figures}`);
  expect(keys.length).toBeGreaterThanOrEqual(text.length);
  expect(Math.max(...keys)).toBeLessThanOrEqual(FRAME_MS);
});
