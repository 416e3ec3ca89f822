/** What to do with a resource that can't be had here. */
export const LEAVE_OUT = 'to go on without it, write disabled = true in this block';
