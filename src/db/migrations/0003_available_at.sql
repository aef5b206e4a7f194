ALTER TABLE "steps" RENAME COLUMN "check_at" TO "available_at";--> statement-breakpoint
ALTER INDEX "steps_to_check" RENAME TO "steps_available";--> statement-breakpoint
ALTER TABLE "steps" RENAME CONSTRAINT "steps_turn" TO "steps_ready";--> statement-breakpoint
ALTER TABLE "rooms" RENAME CONSTRAINT "rooms_error_says_why" TO "rooms_error";
