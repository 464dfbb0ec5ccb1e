#include "password/kdf/crypt_rounds.h"

namespace gatehouse::password {

Cost cost_of(const CryptRounds& function, std::size_t password_bytes) noexcept {
  const Digest digest = function.digest;
  const std::size_t salt = function.salt_bytes;
  const RoundCost& round = function.round;
  const auto blocks = [&](std::size_t bytes) {
    return blocks_of(digest, digest_size(digest) + bytes);
  };
  // 12 of 21 rounds hash the second password and the salt, 6 the second password, 2 the salt and 1
  // neither.
  const std::uint64_t of_21 = 12 * blocks(2 * password_bytes + salt) +
                              6 * blocks(2 * password_bytes) + 2 * blocks(password_bytes + salt) +
                              blocks(password_bytes);
  const std::uint64_t picoseconds = round.picoseconds + round.picoseconds_a_block * of_21 / 21;
  Cost cost = password::cost_of(function.rounds, picoseconds);
  // Before the rounds, SHA-crypt hashes the password as often as it has bytes.
  const std::uint64_t before = password_bytes * blocks_of(digest, password_bytes);
  cost.time += password::cost_of(before, round.picoseconds_a_block).time;
  return cost;
}

}  // namespace gatehouse::password
