/** Ids are UUIDs in lower case; anything else is an id of nothing, which Postgres must not be asked for. */
export const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
