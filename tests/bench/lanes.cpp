/// What a round takes in each kernel of password/kdf/lanes, for each count of lanes.
///
/// All is CPU time of one thread. Since what a shared machine gives changes within seconds, the
/// counts of lanes take short turns, and the fastest turn of each counts. The first kernel of each
/// function is the one that logins use here.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <vector>

#include "password/equaliser.h"
#include "password/kdf/bcrypt.h"
#include "password/kdf/lanes/kernels.h"

namespace gatehouse::password {
namespace {

constexpr int kTurns = 31;
constexpr std::uint64_t kTurnPicoseconds = 2'000'000'000;

/// Room for a chain of any function. Its bytes do not matter: all take the same time.
using AnyChain = lanes::BlowfishChain;

double nanoseconds_a_round(const lanes::Kernel& kernel, std::vector<void*>& chains,
                           unsigned count) {
  const std::uint64_t rounds =
      std::max<std::uint64_t>(1, kTurnPicoseconds / kernel.picoseconds / count);
  const auto start = this_processor().used();
  kernel.run(chains.data(), count, rounds);
  const auto taken = this_processor().used() - start;
  return static_cast<double>(taken.count()) / static_cast<double>(rounds);
}

void measure(const lanes::Kernel& kernel) {
  std::vector<std::unique_ptr<AnyChain>> room;
  std::vector<void*> chains;
  for (unsigned i = 0; i < kernel.lanes; ++i) {
    room.push_back(std::make_unique<AnyChain>());
    begin_bcrypt(*room.back(), "password", "sixteen bytes ..");
    chains.push_back(room.back().get());
  }
  std::vector<double> best(kernel.lanes + 1, 1e18);
  for (int turn = 0; turn < kTurns; ++turn) {
    for (unsigned count = 1; count <= kernel.lanes; ++count) {
      best[count] = std::min(best[count], nanoseconds_a_round(kernel, chains, count));
    }
  }
  fmt::print("{:24}", kernel.name);
  for (unsigned count = 1; count <= kernel.lanes; ++count) {
    fmt::print("{:10.1f}", best[count] / count);
  }
  fmt::print("   {:.2f} x\n", best[1] * kernel.lanes / best[kernel.lanes]);
}

}  // namespace
}  // namespace gatehouse::password

int main() {
  using namespace gatehouse::password;
  fmt::print("ns a round and login, with 1, 2, ... logins side by side; what all lanes gain\n");
  for (const auto function :
       {lanes::Function::sha256, lanes::Function::sha1, lanes::Function::sha512,
        lanes::Function::md5, lanes::Function::blowfish}) {
    for (const lanes::Kernel& kernel : lanes::usable_kernels(function)) measure(kernel);
  }
}
