#include "password/kdf/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace gatehouse::password {
namespace {

constexpr std::array kAll = {Digest::md5, Digest::sha1, Digest::sha256, Digest::sha384,
                             Digest::sha512};

struct Free {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

/// Null where OpenSSL has no legacy provider. The provider is loaded into a library context of its
/// own: loading it into the common one would take the default provider out of that.
const EVP_MD* legacy_md4() noexcept {
  static const EVP_MD* const md4 = []() -> const EVP_MD* {
    OSSL_LIB_CTX* const context = OSSL_LIB_CTX_new();
    if (context == nullptr || OSSL_PROVIDER_load(context, "legacy") == nullptr) return nullptr;
    return EVP_MD_fetch(context, "MD4", nullptr);
  }();
  return md4;
}

}  // namespace

std::size_t digest_size(Digest digest) noexcept {
  switch (digest) {
    case Digest::md4:
    case Digest::md5:
      return 16;
    case Digest::sha1:
      return 20;
    case Digest::sha256:
      return 32;
    case Digest::sha384:
      return 48;
    case Digest::sha512:
      return 64;
  }
  return 0;
}

std::uint64_t blocks_of(Digest digest, std::uint64_t message_bytes) noexcept {
  const bool wide = digest == Digest::sha384 || digest == Digest::sha512;
  const std::uint64_t block = wide ? 128 : 64;
  const std::uint64_t padding = 1 + block / 8;  // a byte, and the length of the message
  return (message_bytes + padding + block - 1) / block;
}

bool ends_in_hmac_padding(Digest digest, std::string_view password) noexcept {
  const auto block = static_cast<std::size_t>(EVP_MD_get_block_size(evp(digest)));
  return !password.empty() && password.size() <= block && password.back() == '\0';
}

const EVP_MD* evp(Digest digest) noexcept {
  switch (digest) {
    case Digest::md4:
      return legacy_md4();
    case Digest::md5:
      return EVP_md5();
    case Digest::sha1:
      return EVP_sha1();
    case Digest::sha256:
      return EVP_sha256();
    case Digest::sha384:
      return EVP_sha384();
    case Digest::sha512:
      return EVP_sha512();
  }
  return EVP_sha256();
}

std::string_view to_string(Digest digest) noexcept {
  switch (digest) {
    case Digest::md4:
      return "md4";
    case Digest::md5:
      return "md5";
    case Digest::sha1:
      return "sha1";
    case Digest::sha256:
      return "sha256";
    case Digest::sha384:
      return "sha384";
    case Digest::sha512:
      return "sha512";
  }
  return "";
}

std::optional<Digest> digest_named(std::string_view name) noexcept {
  for (const Digest digest : kAll) {
    if (to_string(digest) == name) return digest;
  }
  return std::nullopt;
}

bool has_md4() noexcept {
  return legacy_md4() != nullptr;
}

std::string digest_of(Digest digest, std::initializer_list<std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  std::string out(digest_size(digest), '\0');
  bool done = context && EVP_DigestInit_ex2(context.get(), evp(digest), nullptr) == 1;
  for (const std::string_view part : parts) {
    done = done && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
  if (!done || EVP_DigestFinal_ex(context.get(), bytes, nullptr) != 1) std::abort();
  return out;
}

std::string hmac_of(Digest digest, std::string_view key, std::string_view message) {
  std::string out(digest_size(digest), '\0');
  if (HMAC(evp(digest), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(),
           reinterpret_cast<unsigned char*>(out.data()), nullptr) == nullptr) {
    std::abort();
  }
  return out;
}

}  // namespace gatehouse::password
