import { defineConfig, devices } from '@playwright/test';

/** Debian's browser: nothing is downloaded. As root it has no sandbox of its own; and it calls nobody. */
const chromium = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** Tests that have a project of their own. */
const NOT_ON_A_DESK = /without-script|killed|full-disk/;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  // Two browsers and two servers keep two cores busy.
  workers: 2,
  // A test that passes the second time is a fault of the test or of the product.
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    launchOptions: chromium,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'desk', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } }, testIgnore: NOT_ON_A_DESK },
    { name: 'phone', use: { ...devices['Pixel 7'] }, testIgnore: [NOT_ON_A_DESK, /keyboard|packer-in-browser|batch|speed/] },
    { name: 'without script', use: { ...devices['Desktop Chrome'], javaScriptEnabled: false }, testMatch: /without-script/ },
    // Only of a release, and on a machine that does nothing else: `cargo xtask speed` asks for them.
    ...(process.env['ESP_FIGURES'] ? [{ name: 'figures', testDir: 'figures', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } } }] : []),
    { name: 'process', use: { ...devices['Desktop Chrome'] }, testMatch: /killed|full-disk/ },
  ],
});
