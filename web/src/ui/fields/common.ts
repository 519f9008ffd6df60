// What every field on a form is told: its id, what describes it, whether it is wrong.
export type Common = {
  id: string;
  label?: string | undefined; // read aloud where no label stands beside, as in a table
  describedBy?: string | undefined;
  invalid?: boolean;
};

export const aria = ({ label, describedBy, invalid }: Omit<Common, 'id'>) => ({
  'aria-label': label,
  'aria-describedby': describedBy,
  'aria-invalid': invalid || undefined,
});
