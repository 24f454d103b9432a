import { expectAccessible } from '../fixtures/accessible';
import { expect, test } from '../fixtures/test';

test('every part is in the gallery, without a barrier, and looks as before in both themes', async ({ signedIn: page }) => {
  // Sixty pictures, each taken until two in a row are the same.
  test.setTimeout(240_000);
  await page.goto('/design');
  const parts = page.locator('.gallery__part');
  const ids = await parts.evaluateAll((sections) => sections.map((section) => section.id));
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids.length).toBeGreaterThanOrEqual(20);
  // What stands around every page, and the rows that only the browser draws, are looked at alone, too.
  expect(ids).toEqual(expect.arrayContaining(['frame', 'menu', 'palette-items', 'uploads-rows']));
  await expect(page.locator('#uploads-rows .upload')).toHaveCount(5);
  // A wrong field takes the focus and scrolls to itself: what then lies half under the head of the page is no fault.
  await page.evaluate(() => scrollTo(0, 0));
  await expectAccessible(page);
  // So tall that each part is seen whole: of a taller one the picture would show what its neighbours make of the scrolling.
  const width = page.viewportSize()?.width ?? 0;
  await page.setViewportSize({ width, height: 1_600 });
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const id of ids) {
      const part = page.locator(`#${id}`);
      await expect(part).toBeVisible();
      await expect(part).toHaveScreenshot(`parts/${id}-${theme}.png`);
    }
  }
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Delete this?' })).toBeVisible();
  await expectAccessible(page);
});
