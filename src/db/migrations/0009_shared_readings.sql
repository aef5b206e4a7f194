CREATE TABLE "shared_readings" (
	"name" text PRIMARY KEY NOT NULL,
	"read_at" timestamp (3) with time zone NOT NULL,
	"data" json NOT NULL
);
