// The name of the table of global tasks, in the database of each plugin that has any.
export const tasksTable = 'greenroom_scheduler_tasks';
