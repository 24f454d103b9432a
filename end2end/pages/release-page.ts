import type { Download, Locator, Page } from '@playwright/test';

/** One release: its book, its package, its history. */
export class ReleasePage {
  readonly title: Locator;
  readonly files: Locator;
  readonly nfo: Locator;
  readonly findings: Locator;

  constructor(private readonly page: Page) {
    this.title = page.getByRole('heading', { level: 1 });
    this.files = page.getByRole('region', { name: 'Package' }).getByRole('row');
    this.nfo = page.getByRole('region', { name: 'NFO, as it is written' });
    this.findings = page.getByRole('region', { name: 'Findings' });
  }

  async open(release: string): Promise<void> {
    await this.page.goto(`/releases/${release}`);
  }

  async downloadAll(): Promise<Download> {
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('link', { name: /^Download all/ }).click();
    return download;
  }

  async downloadFile(path: string): Promise<Download> {
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('link', { name: `Download ${path}` }).click();
    return download;
  }

  async verify(): Promise<void> {
    await this.page.getByRole('button', { name: 'Verify' }).click();
  }
}
