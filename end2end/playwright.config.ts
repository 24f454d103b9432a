import { defineConfig, devices } from '@playwright/test';

/** Debian's browser, without windows: nothing is downloaded. As root it has no sandbox of its own; and it calls nobody. */
const chromium = {
  executablePath: '/usr/bin/chromium-headless-shell',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--font-render-hinting=none',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** Tests that have a project of their own. */
const NOT_ON_A_DESK = /without-script|killed|full-disk/;

/** Tests of what has no other form on a phone, or takes long and is the same there. */
const NOT_ON_A_PHONE = /keyboard|packer-in-browser|batch|speed|answers|chosen|jobs|paging/;

/**
 * Measured in the browser that people have. Whoever records a page while it is measured measures the recording: ten
 * thousand rows are copied at each step.
 */
const FIGURES = {
  name: 'figures',
  testDir: 'figures',
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    screenshot: 'off' as const,
    launchOptions: { ...chromium, executablePath: '/usr/bin/chromium' },
  },
};

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  // Two browsers and two servers keep two cores busy.
  workers: 2,
  // A test that passes the second time is a fault of the test or of the product.
  retries: 0,
  forbidOnly: true,
  // Of a whole test. Beside another one most take seconds, and half a minute where many pages are looked at.
  timeout: 120_000,
  // How the product looks: pictures to compare with, one set for each form. What differs is looked at, and kept with
  // `--update-snapshots` when it is meant. Edges of letters may differ by a little.
  snapshotPathTemplate: 'looks/{projectName}/{arg}{ext}',
  expect: { timeout: 15_000, toHaveScreenshot: { maxDiffPixelRatio: 0.005 } },
  reporter: [['list']],
  use: {
    launchOptions: chromium,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'desk', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } }, testIgnore: NOT_ON_A_DESK },
    { name: 'phone', use: { ...devices['Pixel 7'] }, testIgnore: [NOT_ON_A_DESK, NOT_ON_A_PHONE] },
    { name: 'without script', use: { ...devices['Desktop Chrome'], javaScriptEnabled: false }, testMatch: /without-script/ },
    // Only of a release, and on a machine that does nothing else: `cargo xtask speed` asks for them.
    ...(process.env['ESP_FIGURES'] ? [FIGURES] : []),
    { name: 'process', use: { ...devices['Desktop Chrome'] }, testMatch: /killed|full-disk/ },
  ],
});
