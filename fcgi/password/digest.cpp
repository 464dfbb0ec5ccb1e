#include "password/digest.h"

#include <openssl/evp.h>

#include <array>

namespace gatehouse::password {
namespace {

constexpr std::array kAll = {Digest::md5, Digest::sha1, Digest::sha256, Digest::sha384,
                             Digest::sha512};

}  // namespace

std::size_t digest_size(Digest digest) noexcept {
  switch (digest) {
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

bool ends_in_hmac_padding(Digest digest, std::string_view password) noexcept {
  const auto block = static_cast<std::size_t>(EVP_MD_get_block_size(evp(digest)));
  return !password.empty() && password.size() <= block && password.back() == '\0';
}

const EVP_MD* evp(Digest digest) noexcept {
  switch (digest) {
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

}  // namespace gatehouse::password
