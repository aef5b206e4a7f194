CREATE TABLE "outbox" (
	"topic" text NOT NULL,
	"key" text NOT NULL,
	"attempt" integer NOT NULL,
	"available_at" timestamp (3) with time zone,
	"error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outbox_topic_key_pk" PRIMARY KEY("topic","key"),
	CONSTRAINT "outbox_attempt" CHECK ("outbox"."attempt" >= 0)
);
--> statement-breakpoint
CREATE INDEX "outbox_available" ON "outbox" USING btree ("topic","available_at") WHERE "outbox"."available_at" is not null;