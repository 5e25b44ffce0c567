// Stores notes in a database.
import type { DatabaseService } from '@greenroom/backend-plugin-api';
import type { Note } from '@internal/plugin-notes-node';

type Knex = Awaited<ReturnType<DatabaseService['getClient']>>;

/** The notes of one database. */
export class NoteStore {
  static async open(knex: Knex): Promise<NoteStore> {
    if (!(await knex.schema.hasTable('notes'))) {
      await knex.schema.createTable('notes', table => {
        table.string('title').primary();
        table.text('text').notNullable();
      });
    }
    return new NoteStore(knex);
  }

  private constructor(private readonly knex: Knex) {}

  async list(): Promise<Note[]> {
    return this.knex<Note>('notes').select('title', 'text').orderBy('title');
  }

  /** Replaces an existing note with the same title. */
  async put(note: Note): Promise<void> {
    await this.knex<Note>('notes').insert(note).onConflict('title').merge();
  }

  async addMissing(notes: Note[]): Promise<void> {
    if (notes.length > 0) await this.knex<Note>('notes').insert(notes).onConflict('title').ignore();
  }
}
