#include "password/kdf/lanes/kernels.h"

#include <gmock/gmock.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/compression.h"
#include "base/hmac.h"
#include "password/kdf/bcrypt.h"
#include "password/kdf/bcrypt_bytes.h"
#include "password/kdf/crypt.h"
#include "password/kdf/digest.h"

namespace gatehouse::password::lanes {
namespace {

/// A source of inputs that is the same in each run.
class Inputs {
 public:
  std::size_t number(std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(random_);
  }
  std::string bytes(std::size_t longest) {
    std::string out(number(0, longest), '\0');
    for (char& byte : out) byte = static_cast<char>(number(0, 255));
    return out;
  }

 private:
  // NOLINTNEXTLINE(cert-msc32-c,cert-msc51-cpp): repeatable on purpose
  std::mt19937_64 random_{20'261'128};
};

/// One login: a chain, how many rounds it has to go, and the bytes that it must come to.
struct Login {
  std::shared_ptr<void> chain;
  std::uint64_t left;
  std::function<std::string()> result;
  std::string expected;
};

template <class Chain>
std::string bytes_of(const typename Chain::Word* words) {
  std::string bytes(Chain::kWords * sizeof *words, '\0');
  for (std::size_t i = 0; i < Chain::kWords; ++i) {
    store(words[i], reinterpret_cast<unsigned char*>(&bytes[i * sizeof *words]));
  }
  return bytes;
}

/// PBKDF2's first block, whose expected bytes come from OpenSSL.
template <class Hash, class Chain>
Login pbkdf2_login(Digest digest, Inputs& inputs) {
  const std::string password = inputs.bytes(150);
  const std::string salt = inputs.bytes(60);
  const std::uint64_t rounds = inputs.number(2, 30);
  const Hmac<Hash> hmac(password);
  auto chain = std::make_shared<Chain>();
  hmac.pads(chain->inner, chain->outer);
  const auto first = hmac.of(std::array{std::string_view(salt), std::string_view("\0\0\0\1", 4)});
  using Word = typename Chain::Word;
  for (std::size_t i = 0; i < Chain::kWords; ++i) {
    chain->value[i] = chain->sum[i] = load<Word>(&first[i * sizeof(Word)]);
  }
  std::string expected(digest_size(digest), '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                    reinterpret_cast<const unsigned char*>(salt.data()),
                    static_cast<int>(salt.size()), static_cast<int>(rounds), evp(digest),
                    static_cast<int>(expected.size()),
                    reinterpret_cast<unsigned char*>(expected.data()));
  return {chain, rounds - 1, [chain] { return bytes_of<Chain>(chain->sum); }, expected};
}

/// phpass: MD5 of the digest before and the password, again and again.
Login md5_login(Inputs& inputs) {
  const std::string password = inputs.bytes(39);
  std::string value = digest_of(Digest::md5, {inputs.bytes(20)});
  auto chain = std::make_shared<Md5Chain>();
  std::string block = value + password + '\x80';
  block.resize(sizeof chain->block, '\0');
  const std::size_t bits = 8 * (value.size() + password.size());
  block[56] = static_cast<char>(bits & 0xffU);
  block[57] = static_cast<char>(bits >> 8U);
  std::memcpy(chain->block, block.data(), block.size());
  const std::uint64_t rounds = inputs.number(1, 30);
  for (std::uint64_t i = 0; i < rounds; ++i) value = digest_of(Digest::md5, {value, password});
  const auto result = [chain] {
    return std::string(reinterpret_cast<const char*>(chain->block), 16);
  };
  return {chain, rounds, result, value};
}

/// bcrypt of the least cost, with any bytes but NUL and lengths around those that count.
Login bcrypt_login(Inputs& inputs) {
  std::string password = inputs.bytes(80);
  std::replace(password.begin(), password.end(), '\0', 'x');
  std::string salt = inputs.bytes(16);
  salt.resize(16, 's');
  auto chain = std::make_shared<BlowfishChain>();
  begin_bcrypt(*chain, password, salt);
  const auto result = [chain] { return bcrypt_base64_encode(end_of_bcrypt(*chain)); };
  const std::string hash = make_bcrypt_of_libxcrypt("$2b$", kLeastBcryptCost)
                               ->derive(password, bcrypt_base64_encode(salt), 0);
  constexpr std::size_t kSetting = 29;
  return {chain, 1U << kLeastBcryptCost, result, hash.substr(kSetting)};
}

Login login_of(Function function, Inputs& inputs) {
  switch (function) {
    case Function::sha1:
      return pbkdf2_login<Sha1, Sha1Chain>(Digest::sha1, inputs);
    case Function::sha256:
      return pbkdf2_login<Sha256, Sha256Chain>(Digest::sha256, inputs);
    case Function::sha512:
      return pbkdf2_login<Sha512, Sha512Chain>(Digest::sha512, inputs);
    case Function::blowfish:
      return bcrypt_login(inputs);
    case Function::md5:
      break;
  }
  return md5_login(inputs);
}

/// Runs so many logins through a kernel as an engine does: each lane is taken by the next as soon
/// as its login is done, and the slices and the order of the lanes are random.
void run_all(const Kernel& kernel, Function function, std::size_t count, Inputs& inputs) {
  std::vector<Login> now;
  while (count + now.size() > 0) {
    const std::size_t lanes = inputs.number(1, kernel.lanes);
    for (; count > 0 && now.size() < lanes; --count) now.push_back(login_of(function, inputs));
    const std::size_t used = std::min(now.size(), lanes);
    std::vector<void*> chains;
    std::uint64_t slice = inputs.number(1, 12);
    for (std::size_t i = 0; i < used; ++i) {
      chains.push_back(now[i].chain.get());
      slice = std::min(slice, now[i].left);
    }
    kernel.run(chains.data(), static_cast<unsigned>(used), slice);
    for (std::size_t i = 0; i < used; ++i) now[i].left -= slice;
    for (const Login& each : now) {
      if (each.left > 0) continue;
      ASSERT_EQ(each.result(), each.expected) << kernel.name;
    }
    std::erase_if(now, [](const Login& each) { return each.left == 0; });
    if (!now.empty()) std::rotate(now.begin(), now.begin() + 1, now.end());
  }
}

class Kernels : public testing::TestWithParam<Function> {};

/// Ten thousand for all functions, of which bcrypt has few, since the least of them takes long; and
/// each fallback that this machine can run.
TEST_P(Kernels, GiveTheBytesOfOpensslOrLibxcryptWhoeverIsBesideWhom) {
  Inputs inputs;
  const std::size_t count = GetParam() == Function::blowfish ? 400 : 2'400;
  for (const Kernel& kernel : usable_kernels(GetParam())) {
    run_all(kernel, GetParam(), count, inputs);
  }
}

/// Each count of lanes for itself, from the first round to the last.
TEST_P(Kernels, GiveTheSameBytesForEachCountOfLanes) {
  Inputs inputs;
  for (const Kernel& kernel : usable_kernels(GetParam())) {
    for (unsigned lanes = 1; lanes <= kernel.lanes; ++lanes) {
      std::vector<Login> logins;
      std::vector<void*> chains;
      std::uint64_t fewest = 1'000;
      for (unsigned i = 0; i < lanes; ++i) {
        logins.push_back(login_of(GetParam(), inputs));
        chains.push_back(logins.back().chain.get());
        fewest = std::min(fewest, logins.back().left);
      }
      kernel.run(chains.data(), lanes, fewest);
      for (Login& each : logins) {
        void* chain = each.chain.get();
        if (each.left > fewest) kernel.run(&chain, 1, each.left - fewest);
        EXPECT_EQ(each.result(), each.expected) << kernel.name << ", " << lanes << " lanes";
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Lanes, Kernels,
                         testing::Values(Function::sha1, Function::sha256, Function::sha512,
                                         Function::md5, Function::blowfish));

}  // namespace
}  // namespace gatehouse::password::lanes
