/** A server action with an answer, as `useActionState` takes it. Works with and without JavaScript. */
export type FormAction<Answer> = (before: Answer, form: FormData) => Promise<Answer>;

/** A server action that answers with another page. */
export type PlainAction = (form: FormData) => Promise<void>;
