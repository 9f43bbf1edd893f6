export const reminderAfterDays = 30;
