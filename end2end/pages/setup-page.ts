import type { Locator, Page } from '@playwright/test';

export interface FirstAdministrator {
  name: string;
  username: string;
  password: string;
  group: string;
}

export class SetupPage {
  readonly heading: Locator;

  constructor(private readonly page: Page) {
    this.heading = page.getByRole('heading', { level: 1, name: 'First steps' });
  }

  async open(link: string): Promise<void> {
    await this.page.goto(link);
  }

  async setUp(administrator: FirstAdministrator): Promise<void> {
    await this.page.getByLabel('Your name').fill(administrator.name);
    await this.page.getByLabel('Username').fill(administrator.username);
    await this.page.getByLabel('Password').fill(administrator.password);
    await this.page.getByLabel('Tag of the first group').fill(administrator.group);
    await this.page.getByRole('button', { name: 'Create and sign in' }).click();
  }

  field(label: string): Locator {
    return this.page.getByLabel(label);
  }
}
