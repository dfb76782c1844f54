import * as z from "zod";

/*
 * Imported before whatever makes a schema. zod would generate code for each schema when it is first used, which takes 6 ms
 * before `initialize` is answered, and reads no list of assets faster.
 */
z.config({ jitless: true });
