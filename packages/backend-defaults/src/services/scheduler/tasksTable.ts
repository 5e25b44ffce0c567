// The name of the table of global tasks, which is in the database of each plugin that has some.
export const tasksTable = 'greenroom_scheduler_tasks';
