-- A head is rewritten with every batch of lines: with half of each page free the new version stays on it.
ALTER TABLE "room_log_heads" SET (fillfactor = 50);
