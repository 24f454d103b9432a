import { expect, test } from '../fixtures/test';

/** Pages that show the same whatever the house holds. */
const BEFORE_SIGNING_IN = { 'sign-in': '/sign-in', 'forgotten': '/forgotten' };
const SIGNED_IN = {
  'verify': '/verify',
  'tour': '/tour',
  'findings-searched': '/findings?q=opf-014',
  'finding': '/findings/OPF-014',
  'releases-none-found': '/releases?q=nothing-has-this-word',
  'not-found': '/no-such-page',
};
const THEMES = ['light', 'dark'] as const;

test('pages before signing in look as before', async ({ page }) => {
  for (const [name, path] of Object.entries(BEFORE_SIGNING_IN)) {
    await page.goto(path);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await expect(page).toHaveScreenshot(`pages/${name}-${theme}.png`, { fullPage: true });
    }
  }
});

test('pages that show the same in every house look as before', async ({ signedIn: page, complaints }) => {
  complaints.expect(/status of 404/);
  for (const [name, path] of Object.entries(SIGNED_IN)) {
    await page.goto(path);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await expect(page).toHaveScreenshot(`pages/${name}-${theme}.png`, { fullPage: true });
    }
  }
});
