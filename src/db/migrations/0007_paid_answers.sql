CREATE TABLE "paid_answers" (
	"id" text PRIMARY KEY NOT NULL,
	"answer" text,
	"is_reported" boolean DEFAULT false NOT NULL,
	"holder" uuid NOT NULL,
	"claimed_until" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "paid_answers_by_age" ON "paid_answers" USING btree ("created_at");