import { expect, type Download, type Locator, type Page } from '@playwright/test';
import { alive } from '../fixtures/alive';

/** The review: books are dropped, looked at and packed on one page. */
export class ReviewPage {
  readonly title: Locator;
  readonly name: Locator;
  readonly nfo: Locator;
  readonly state: Locator;
  readonly pack: Locator;
  readonly download: Locator;
  readonly rows: Locator;
  readonly saved: Locator;

  constructor(private readonly page: Page) {
    this.title = page.locator('#review-head').getByRole('heading', { level: 1 });
    this.name = page.locator('#review-name code');
    this.nfo = page.getByRole('region', { name: 'NFO as it will be written' });
    this.state = page.locator('#review-state');
    this.pack = page.getByRole('button', { name: /^Pack/ }).and(page.locator('#pack'));
    this.download = page.getByRole('link', { name: /^Download the package/ });
    this.rows = page.locator('#rows tbody tr');
    this.saved = page.locator('#saved');
  }

  /** Opens the empty page and waits until files can be dropped on it. */
  async open(): Promise<void> {
    await this.read('/new');
    await alive(this.page.locator('leptos-island[data-component^="Review"]'));
  }

  /** Opens the review of a release. */
  async of(release: string): Promise<void> {
    await this.read(`/releases/${release}/review`);
    await alive(this.page.locator('leptos-island[data-component^="Review"]'));
  }

  /** Another page than this one has no review that could wake. */
  private async read(address: string): Promise<void> {
    const answer = await this.page.goto(address);
    expect([answer?.status(), new URL(this.page.url()).pathname]).toEqual([200, address]);
  }

  /** Chooses files as a person does in the dialog. */
  async choose(...files: string[]): Promise<void> {
    await this.page.locator('#files').setInputFiles(files);
  }

  field(label: string): Locator {
    return this.page.locator('#review-form').getByLabel(label, { exact: true });
  }

  /** Types into a field and leaves it, which saves it; what is waited for is told where it is not the answer. */
  async fill(label: string, text: string, until?: Promise<unknown>): Promise<void> {
    const saved = until ?? this.page.waitForResponse((answer) => answer.url().endsWith('/review-save'));
    await this.field(label).fill(text);
    await this.field(label).blur();
    await saved;
  }

  /** Chooses from a list, which saves it. */
  async select(label: string, option: string): Promise<void> {
    const saved = this.page.waitForResponse((answer) => answer.url().endsWith('/review-save'));
    await this.field(label).selectOption({ label: option });
    await saved;
  }

  async downloadPackage(): Promise<Download> {
    await expect(this.download).toBeVisible({ timeout: 30_000 });
    const download = this.page.waitForEvent('download');
    await this.download.click();
    return download;
  }
}
