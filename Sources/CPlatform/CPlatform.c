// What glibc has and Swift cannot say.
